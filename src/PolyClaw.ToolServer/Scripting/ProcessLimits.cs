using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PolyClaw.ToolServer.Scripting;

/// <summary>
/// Limits that the kernel keeps for this process, below all that the engine promises. Linux alone has them; elsewhere
/// the deadline's kill and the heap's limit remain.
/// </summary>
internal static partial class ProcessLimits
{
    // No RLIMIT_AS: the garbage collector reserves far more than it uses. No RLIMIT_NPROC: it counts per user.
    private const int Cpu = 0;
    private const int FileSize = 1;
    private const int Core = 4;
    private const int OpenFiles = 7;
    private const int NoNewPrivileges = 38;

    // A spare's start and the collector's threads count too.
    private const int SpareProcessorSeconds = 30;

    /// <summary>No core dump, no file written, few files open, and a certain victim if memory runs out.</summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Should the container's memory run out, the kernel takes this process and not the server, which may be smaller.
        File.WriteAllText("/proc/self/oom_score_adj", "1000");
        Set(Core, 0);
        Set(FileSize, 0);
        Set(OpenFiles, 128);
        _ = prctl(NoNewPrivileges, 1, 0, 0, 0);
    }

    /// <summary>Ends the process by the kernel's hand even if its server is gone and nothing else in it runs.</summary>
    public static void LimitProcessorTime(int callSeconds)
    {
        if (OperatingSystem.IsLinux())
        {
            Set(Cpu, (ulong)(callSeconds + SpareProcessorSeconds));
        }
    }

    [SupportedOSPlatform("linux")]
    private static void Set(int resource, ulong value)
    {
        if (getrlimit(resource, out var now) != 0)
        {
            throw new InvalidOperationException($"the process's limit {resource} could not be read: errno {Marshal.GetLastPInvokeError()}");
        }

        var least = Math.Min(value, now.Hard);
        var limit = new Limit { Soft = least, Hard = least };
        if (setrlimit(resource, in limit) != 0)
        {
            throw new InvalidOperationException($"the process's limit {resource} could not be set to {least}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in Limit limit);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
