using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services;

/// <summary>What goes wrong with services.</summary>
internal static class ServiceFaults
{
    /// <summary>A deployment that failed and is undone: the version before serves, or nothing is left.</summary>
    public const string RolledBack = "rolled_back";

    public static Fault Unknown(string name, IEnumerable<string> known) => new(
        "unknown_service", $"there is no service '{name}'", "/name", Planning.Nearest.Advice(name, [.. known], "services"));

    /// <summary>A deployment's end, after everything of it is gone.</summary>
    public static Fault GivenUp(string name, int version, int? stable, Fault why) => new(
        RolledBack,
        $"version {version} of {name} was given up and removed: {why.Message}; {(stable is { } back ? $"version {back} serves as before" : "nothing of it is left")}",
        why.Path, why.Fix);
}
