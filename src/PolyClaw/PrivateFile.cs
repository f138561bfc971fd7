using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PolyClaw;

/// <summary>A small file that is made once and that its user alone may read.</summary>
internal static partial class PrivateFile
{
    /// <summary>What such a file's mode may hold.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes it, unless it is there. Of two that start at once the first one's text stays.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="text">ASCII; a line end is added.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public static void CreateOnce(string path, string text)
    {
        // Written whole beside its place and then moved: a reader never sees half of it.
        var draft = path + "." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(Encoding.ASCII.GetBytes(text + "\n"));
                file.Flush(flushToDisk: true);
            }

            Place(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another start was quicker: what it wrote holds.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // On Unix File.Move looks first and renames then, and a rename takes the place of what came in between; a link never does.
    private static void Place(string draft, string path)
    {
        if (OperatingSystem.IsWindows() || (Link(draft, path) != 0 && Marshal.GetLastPInvokeError() is not FileExists))
            File.Move(draft, path, overwrite: false);
    }

    private const int FileExists = 17;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
