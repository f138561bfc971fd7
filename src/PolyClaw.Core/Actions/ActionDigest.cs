using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Core.Actions;

/// <summary>The SHA-256 that identifies an action: over its name and its parameters with sorted keys, so that two spellings of one action agree.</summary>
public static class ActionDigest
{
    /// <summary>The digest as lower-case hex.</summary>
    /// <param name="action">The action, references already expanded.</param>
    public static string Of(PlanAction action)
    {
        var canonical = CanonicalJson.Write(ActionFormat.WriteParameters(action));
        var name = Encoding.UTF8.GetBytes(action.ActionName + "\n");
        return Convert.ToHexStringLower(SHA256.HashData([.. name, .. canonical]));
    }
}
