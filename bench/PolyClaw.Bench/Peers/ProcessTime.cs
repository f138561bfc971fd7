using System.Globalization;

namespace PolyClaw.Bench.Peers;

/// <summary>Processor time of a process.</summary>
internal static class ProcessTime
{
    // USER_HZ, by which the kernel counts for its readers: 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>What it has used so far, in seconds, in and out of the kernel.</summary>
    public static double SecondsOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        // Behind the name: state is field 3, utime 14, stime 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
