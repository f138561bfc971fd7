using System.Buffers.Text;
using System.Security.Cryptography;

namespace PolyClaw.Core.Execution;

/// <summary>Ids of questions: unguessable, used once.</summary>
internal static class InputIds
{
    public static string New() => "input_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
}
