using System.Globalization;

namespace PolyClaw.Bench;

/// <summary>What somebody who reads the table has to know of the machine: figures are compared by their ratios alone.</summary>
internal static class Surroundings
{
    public static string Text(BenchSettings settings) => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} processors, load {Load()}, journal on {new DriveInfo(settings.WorkFolder).DriveFormat}, {settings.Samples} samples a start");

    private static string Load() => OperatingSystem.IsLinux() ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
