using System.Globalization;
using System.Runtime.InteropServices;

namespace PolyClaw.ToolServer.Workers;

/// <summary>Keeps from workers whatever file descriptors we ourselves were started with.</summary>
internal static partial class Inheritance
{
    private const int SetFlags = 2;
    private const int CloseOnExecFlag = 1;
    private const int FirstBeyondStandardStreams = 3;
    private static int _done;

    /// <summary>
    /// Marks every open descriptor but the standard streams. The framework marks its own, so only those that were open
    /// at our start are left to do: once is enough.
    /// </summary>
    public static void CloseOnExec()
    {
        if (!OperatingSystem.IsLinux() || Interlocked.Exchange(ref _done, 1) != 0)
        {
            return;
        }

        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            var descriptor = int.Parse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture);
            if (descriptor >= FirstBeyondStandardStreams)
            {
                // It fails only for a descriptor that is closed by now: the one of this listing.
                _ = fcntl(descriptor, SetFlags, CloseOnExecFlag);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, int argument);
}
