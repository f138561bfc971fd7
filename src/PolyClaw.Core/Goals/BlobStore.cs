using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Core.Goals;

/// <summary>Files by the SHA-256 of their bytes, under one folder. Written whole or not at all, and on disk before anything names them.</summary>
/// <param name="folder">The folder; made when it is missing.</param>
public sealed class BlobStore(string folder)
{
    /// <summary>Largest file kept, in bytes: 64 MiB.</summary>
    public const long Largest = 64L << 20;

    /// <summary>Keeps bytes; those that are there already, whole, are not written again.</summary>
    /// <param name="bytes">The content.</param>
    /// <returns>Lower-case hex digest.</returns>
    /// <exception cref="ArgumentException">More than <see cref="Largest"/>.</exception>
    /// <exception cref="BlobFaultException">The disk is full or the folder cannot be written.</exception>
    public string Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Largest)
            throw new ArgumentException($"a file may have at most {Largest >> 20} MiB, this one has {bytes.Length >> 20}", nameof(bytes));
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = PathOf(digest);
        if (new FileInfo(path) is { Exists: true, Length: var length } && length == bytes.Length)
            return digest;
        try
        {
            Write(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlobFaultException(folder, e);
        }

        return digest;
    }

    /// <summary>Reads bytes back.</summary>
    /// <param name="sha256">Their digest.</param>
    /// <param name="bytes">The content, when it is there.</param>
    /// <exception cref="InvalidDataException">What lies there is not what was put there.</exception>
    public bool TryGet(string sha256, [NotNullWhen(true)] out byte[]? bytes)
    {
        var path = PathOf(sha256);
        bytes = File.Exists(path) ? File.ReadAllBytes(path) : null;
        if (bytes is not null && Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
            throw new InvalidDataException($"{path} is damaged: its bytes have another digest than its name; put it back from a backup, or remove it");
        return bytes is not null;
    }

    /// <summary>Gives a run's file a place that a person can open: <c>TARGET/NAME</c>.</summary>
    /// <param name="sha256">Its digest; must be here.</param>
    /// <param name="target">Folder; made when it is missing.</param>
    /// <param name="name">A plain file name.</param>
    /// <returns>The path.</returns>
    public string Publish(string sha256, string target, string name)
    {
        Directory.CreateDirectory(target);
        var path = Path.Combine(target, name);
        File.Copy(PathOf(sha256), path, overwrite: true);
        return path;
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        if (Directory.CreateDirectory(Path.GetDirectoryName(path)!).Parent is { Exists: true } parent)
            FolderSync.Flush(parent.FullName);
        var partial = path + "." + Guid.NewGuid().ToString("N");
        try
        {
            using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
            FolderSync.Flush(Path.GetDirectoryName(path)!);
        }
        finally
        {
            // What a full disk cut off would lie there for good; after a good move nothing is left to delete.
            File.Delete(partial);
        }
    }

    private string PathOf(string sha256)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException("a digest is 64 lower-case hex digits", nameof(sha256));
        return Path.Combine(folder, sha256[..2], sha256);
    }
}

/// <summary>The files of one goal, read from the blob store.</summary>
/// <param name="blobs">Where the bytes lie.</param>
/// <param name="files">What came with the goal.</param>
internal sealed class StoredGoalFiles(BlobStore blobs, IReadOnlyList<GoalFile> files) : IGoalFiles
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IReadOnlyList<GoalFile> All => files;

    public bool TryReadText(string name, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var file = files.FirstOrDefault(f => f.Name == name);
        if (file is null || !blobs.TryGet(file.Sha256, out var bytes))
            return false;
        try
        {
            text = Strict.GetString(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
