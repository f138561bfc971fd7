using System.Runtime.InteropServices;

namespace PolyClaw.Instances;

/// <summary>Cuts the instance loose from the client that started it: what it makes is its user's alone, and no terminal or pipe of the client stays open.</summary>
internal static partial class Daemon
{
    private const int OthersNothing = 0b000_111_111;
    private const int StandardError = 2;

    /// <summary>Files made from here on are readable by their user alone. Does nothing on Windows.</summary>
    public static void KeepFilesPrivate()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetFileMask(OthersNothing);
    }

    /// <summary>Makes this process the leader of a session of its own. Does nothing on Windows, or where it leads one already.</summary>
    public static void LeaveTerminal()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetSession();
    }

    /// <summary>
    /// Lets go of the standard streams. While the instance held them, a client that waits for the end of its shim's output would wait for the
    /// end of the instance. What the runtime itself has to say (a crash) goes to the log.
    /// </summary>
    public static void LeaveStandardStreams(string log)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var last = File.OpenHandle(log, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        for (var stream = 0; stream <= StandardError; stream++)
            _ = Duplicate((int)(stream == StandardError ? last : nothing).DangerousGetHandle(), stream);
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetFileMask(int mask);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);
}
