using System.Security.Cryptography;
using System.Text;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Execution;

/// <summary>Same key, same effect: what a step makes in the world is named and labelled by it, so that a second attempt finds the first's work.</summary>
internal static class IdempotencyKey
{
    public static string Of(string tenant, RunId run, string step) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{run}\n{step}")));
}
