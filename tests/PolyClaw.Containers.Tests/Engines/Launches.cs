using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Engines;

/// <summary>Launches for tests that start nothing.</summary>
internal static class Launches
{
    public static ChildLaunch Good { get; } = new(
        "acme", "echo", "key-1", "run_1", new string('a', 64), HardeningTier.ToolCode, "registry.example:5000/tools/echo@sha256:" + new string('b', 64),
        ["--mode", "echo"], new Dictionary<string, string> { ["MODE"] = "test" }, 500_000_000, 128L << 20, 64);
}
