using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Hardening;

/// <summary>What a replica's launch may say, beyond what <see cref="LaunchRules"/> asks of every container.</summary>
internal static class ReplicaRules
{
    /// <summary>Highest version and highest replica number.</summary>
    public const int MostNumber = 1_000_000;

    /// <summary>The first thing wrong with a launch, or nothing.</summary>
    /// <param name="launch">What is to be started.</param>
    public static Fault? Check(ReplicaLaunch launch) =>
        CheckNumber("/version", launch.Id.Version)
        ?? CheckNumber("/replica", launch.Id.Number)
        ?? (launch.Spec.Port is >= 1 and <= 65_535 ? null : new Fault("invalid_port", $"port {launch.Spec.Port}", "/port", "1 to 65535"))
        ?? CheckPath(launch.Spec.HealthPath);

    private static Fault? CheckNumber(string path, int met) =>
        met is >= 1 and <= MostNumber ? null : new("invalid_number", $"number {met}", path, $"1 to {MostNumber}");

    private static Fault? CheckPath(string path) =>
        path is ['/', ..] && path.Length <= 256 && path.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? null
            : new("invalid_path", "the health path is " + LaunchRules.Show(path), "/health_path", "a path such as /healthz, at most 256 printable characters");
}
