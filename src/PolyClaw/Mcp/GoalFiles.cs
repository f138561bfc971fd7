using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp;

/// <summary>
/// Takes files in with a goal. The CLI uploads its own; other clients name files under the roots that the operator opened in
/// <c>Files:Roots</c>, and nothing else is ever opened.
/// </summary>
internal sealed class GoalFiles(BlobStore blobs, GoalFileOptions options)
{
    private const string UploadPrefix = "upload:";

    /// <summary>Keeps the bytes of each named file.</summary>
    public (IReadOnlyList<GoalFile> Files, Fault? Fault) Attach(IReadOnlyList<string> names, Principal principal)
    {
        var files = new List<GoalFile>();
        for (var i = 0; i < names.Count; i++)
        {
            var (file, fault) = names[i].StartsWith(UploadPrefix, StringComparison.Ordinal) && principal.Kind == PrincipalKind.Person
                ? Uploaded(names[i][UploadPrefix.Length..])
                : FromRoots(names[i]);
            if (fault is not null)
                return ([], fault with { Path = $"/files/{i}" });
            files.Add(file!);
        }

        return (files, null);
    }

    /// <summary>How the CLI names a file that it has uploaded: <c>upload:SHA256:NAME</c>.</summary>
    public static string UploadName(string sha256, string name) => $"{UploadPrefix}{sha256}:{name}";

    private (GoalFile?, Fault?) Uploaded(string text)
    {
        var parts = text.Split(':', 2);
        return parts is [{ Length: 64 } digest, var name] && digest.All(char.IsAsciiHexDigitLower) && blobs.TryGet(digest, out var bytes)
            ? (new GoalFile(name, digest, bytes.Length), null)
            : (null, new Fault("not_uploaded", "this file was not uploaded"));
    }

    private (GoalFile?, Fault?) FromRoots(string name)
    {
        if (name.Length == 0 || name.Any(char.IsControl))
            return (null, new Fault("bad_file_name", "a file name is not empty and holds no control characters"));
        foreach (var root in options.Roots)
        {
            var full = Path.GetFullPath(root);
            var top = Path.EndsInDirectorySeparator(full) ? full : full + Path.DirectorySeparatorChar;
            var path = Path.GetFullPath(name, top);
            if (!path.StartsWith(top, StringComparison.Ordinal) || !File.Exists(path) || LeavesBySymlink(path, top))
                continue;
            if (new FileInfo(path).Length > BlobStore.Largest)
                return (null, new Fault("file_too_large", $"{name} has more than {BlobStore.Largest >> 20} MiB"));
            return Kept(name, path);
        }

        return (null, new Fault(
            "file_not_open", $"there is no file {name} under the folders that are open to clients",
            Fix: options.Roots.Count == 0 ? "the operator opens folders with Files:Roots" : "one under " + string.Join(", ", options.Roots)));
    }

    private (GoalFile?, Fault?) Kept(string name, string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return (new GoalFile(name, blobs.Put(bytes), bytes.Length), null);
        }
        catch (BlobFaultException e)
        {
            return (null, e.Fault);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The reason names the path on this machine; the client is told its own name for the file.
            return (null, new Fault("file_unreadable", $"{name} is there and cannot be read", Fix: "the instance's user needs the right to read it"));
        }
    }

    private static bool LeavesBySymlink(string path, string top)
    {
        for (FileSystemInfo? at = new FileInfo(path); at is not null && at.FullName.Length >= top.Length; at = Directory.GetParent(at.FullName))
            if (at.LinkTarget is not null)
                return true;
        return false;
    }
}
