using System.Text;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning.Commands;
using PolyClaw.Mcp;

namespace PolyClaw.Cli;

/// <summary>A goal as the person gave it, with the files it speaks of laid into the blob store.</summary>
/// <param name="Goal">The goal's text.</param>
/// <param name="Uploads">The files, as <c>plan_and_execute</c> takes them.</param>
/// <param name="Attached">Their names and sizes, to be told.</param>
/// <param name="Fault">What was wrong.</param>
internal sealed record GoalInput(string Goal, IReadOnlyList<string> Uploads, IReadOnlyList<string> Attached, Fault? Fault)
{
    private const string Ending = ".goal";

    /// <summary>Far more than a goal may have, which the instance says better.</summary>
    private const long LongestGoalFile = 1 << 20;
    private static readonly char[] Around = ['"', '\'', '`', '(', ')', ',', ';', ':', '!', '?'];

    /// <summary>Reads a goal or a goal file, and attaches what it names.</summary>
    public static GoalInput Read(string given, IReadOnlyList<string> extra, BlobStore blobs)
    {
        var (goal, folder) = (given, "");
        if (given.EndsWith(Ending, StringComparison.Ordinal) && !given.Contains('\n', StringComparison.Ordinal))
        {
            if (!File.Exists(given))
                return Wrong(new Fault("no_goal_file", $"there is no file {given}", "goal", "the path of a .goal file, or the goal itself in quotes"));
            // What a goal file names lies beside it, wherever it is run from.
            var (text, unread) = LocalFile.Read(given, given, LongestGoalFile);
            if (unread is not null)
                return Wrong(unread);
            (goal, folder) = (new StreamReader(new MemoryStream(text)).ReadToEnd(), Path.GetDirectoryName(given) ?? "");
        }

        var names = new List<string>(extra);
        names.AddRange(CommandPlanner.LooksLikeCommands(goal) ? NamedByCommands(goal, folder) : NamedInWords(goal, folder));
        var uploads = new List<string>();
        var attached = new List<string>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                return Wrong(new Fault("no_file", $"the goal names {name}, and there is no such file in {Path.GetFullPath(Path.Combine(".", folder))}", name));
            var (bytes, unread) = LocalFile.Read(path, name, BlobStore.Largest);
            if (unread is not null)
                return Wrong(unread);
            uploads.Add(GoalFiles.UploadName(blobs.Put(bytes), name));
            attached.Add($"{name} ({bytes.Length:#,0} bytes)");
        }

        return new GoalInput(goal, uploads, attached, null);
    }

    private static IEnumerable<string> NamedByCommands(string goal, string folder)
    {
        foreach (var spec in CommandFiles.Of(goal))
        {
            yield return spec;
            if (!File.Exists(Path.Combine(folder, spec)) || !TryReadText(Path.Combine(folder, spec), out var text))
                continue;
            foreach (var file in ServerSpecFile.ReferencedFiles(spec, text))
                yield return file;
        }
    }

    /// <summary>Words of a plain goal that are files here: it can only mean them.</summary>
    private static IEnumerable<string> NamedInWords(string goal, string folder) =>
        goal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(w => w.Trim(Around).TrimEnd('.'))
            .Where(w => w.Length > 0 && (w.Contains('.', StringComparison.Ordinal) || w.Contains('/', StringComparison.Ordinal)) && !Path.IsPathRooted(w) && File.Exists(Path.Combine(folder, w)));

    private static bool TryReadText(string path, out string text)
    {
        text = "";
        // One that cannot be read is told of when it is attached.
        var (bytes, unread) = LocalFile.Read(path, path, BlobStore.Largest);
        if (unread is not null)
            return false;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static GoalInput Wrong(Fault fault) => new("", [], [], fault);
}
