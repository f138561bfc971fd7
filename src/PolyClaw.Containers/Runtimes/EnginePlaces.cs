using PolyClaw.Containers.Hardening;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Runtimes;

/// <summary>What is told of places that there are or are not.</summary>
internal static class EnginePlaces
{
    /// <summary>A location that no engine of the settings bears.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="known">The locations there are.</param>
    public static Fault Unknown(string asked, IEnumerable<string> known)
    {
        var names = string.Join(", ", known.Order(StringComparer.Ordinal));
        return new Fault(
            "location_unknown",
            $"there is no engine at {LaunchRules.Show(asked)}",
            "/location",
            (names.Length == 0 ? "leave location out for the local engine" : $"one of {names}, or leave it out for the local engine") + $"; Engines:NAME:Endpoint in the settings adds one");
    }
}
