using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PolyClaw.Core.Goals;

/// <summary>Puts a folder's entries on disk: a file that was renamed into it is there after a power cut only when this was done.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder. Windows writes a rename's journal itself and cannot flush a folder.</summary>
    /// <param name="folder">The folder; must exist.</param>
    /// <exception cref="IOException">The folder could not be flushed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var file = Open(folder, ReadOnly);
        if (file < 0)
            throw Failed(folder);
        try
        {
            if (Sync(file) != 0)
                throw Failed(folder);
        }
        finally
        {
            _ = Close(file);
        }
    }

    private static IOException Failed(string folder) =>
        new($"the folder {folder} could not be flushed to disk: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
