using System.Security.Cryptography;
using System.Text;
using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Planning;

/// <summary>What an approval of a plan names: SHA-256 over every step's id, action and order.</summary>
public static class PlanDigest
{
    /// <summary>The digest as lower-case hex.</summary>
    /// <param name="plan">The plan.</param>
    public static string Of(Plan plan)
    {
        var text = new StringBuilder();
        foreach (var step in plan.Steps)
            text.Append(step.Id).Append('\n').Append(ActionDigest.Of(step.Action)).Append('\n').AppendJoin(',', step.DependsOn).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
