using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>Reads a file that a person named.</summary>
internal static class LocalFile
{
    private const int Chunk = 64 * 1024;

    /// <summary>Its bytes, or why not. A device does not say how long it is: it is read no further than allowed.</summary>
    public static (byte[] Bytes, Fault? Fault) Read(string path, string name, long most)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var read = new MemoryStream();
            var chunk = new byte[Chunk];
            while (file.Read(chunk) is > 0 and var length)
            {
                read.Write(chunk, 0, length);
                if (read.Length > most)
                    return ([], new Fault("file_too_large", $"{name} has more than {most >> 20} MiB", name));
            }

            return (read.ToArray(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], new Fault("file_unreadable", $"the file is there and cannot be read: {e.Message}", name, "give this user the right to read it"));
        }
    }
}
