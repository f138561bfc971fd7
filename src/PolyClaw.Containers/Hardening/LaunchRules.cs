using System.Globalization;
using System.Text;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Hardening;

/// <summary>
/// What a launch may say. Policy has judged the wish before; this is the wall's own check, so that nothing which reaches an engine
/// depends on whoever called. Paths are those of the server's spec.
/// </summary>
internal static class LaunchRules
{
    /// <summary>Least memory, in bytes: 16 MiB.</summary>
    public const long MinMemory = 16L << 20;

    /// <summary>Most memory, in bytes: 64 TiB. Above it a quantity is a mistake, not a wish.</summary>
    public const long MaxMemory = 64L << 40;

    /// <summary>Least processor: 10 thousandths of a core.</summary>
    public const long MinNanoCpus = 10_000_000;

    /// <summary>Most processor: 4,096 cores.</summary>
    public const long MaxNanoCpus = 4096L * 1_000_000_000;

    /// <summary>Most processes and threads.</summary>
    public const int MaxPids = 32_768;

    /// <summary>Most arguments.</summary>
    public const int MaxArgs = 256;

    /// <summary>All arguments together, in bytes of UTF-8.</summary>
    public const int MaxArgBytes = 64 * 1024;

    /// <summary>Longest text of a label, in characters.</summary>
    public const int MaxLabel = 256;

    /// <summary>The first thing wrong with a launch, or nothing.</summary>
    /// <param name="launch">What is to be started.</param>
    public static Fault? Check(ChildLaunch launch)
    {
        if (!Enum.IsDefined(launch.Tier))
            return new("invalid_tier", $"hardening tier {(int)launch.Tier}", "/tier", "tool_code or child_server");
        return CheckServer(launch.Server)
            ?? CheckLabel("/tenant", launch.Tenant, required: true)
            ?? CheckLabel("/key", launch.Key, required: false)
            ?? CheckLabel("/run_id", launch.RunId, required: false)
            ?? CheckLabel("/spec_sha256", launch.SpecSha256, required: false)
            ?? CheckImage(launch.Image)
            ?? CheckArgs(launch.Args)
            ?? EnvironmentRules.Check(launch.Env)
            ?? CheckRange("/resources/cpu", launch.NanoCpus, MinNanoCpus, MaxNanoCpus, "billionths of a core")
            ?? CheckRange("/resources/memory", launch.MemoryBytes, MinMemory, MaxMemory, "bytes")
            // Docker takes a negative number of processes for "no limit".
            ?? CheckRange("/resources/pids", launch.Pids, 1, MaxPids, "processes");
    }

    /// <summary>A text from outside, made safe to show: quoted, cut, its control and format characters as code points.</summary>
    /// <param name="text">What was met.</param>
    public static string Show(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > 80)
                return shown.Append("…\"").ToString();
            if (rune.Value is >= 0x20 and < 0x7F)
                shown.Append((char)rune.Value);
            else
                shown.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
        }
        return shown.Append('"').ToString();
    }

    private static Fault? CheckServer(string? name)
    {
        const string Right = "a DNS label: a-z, 0-9 and -, 1 to 63 characters, no - at either end, not polyclaw-*";
        if (string.IsNullOrEmpty(name))
            return new("invalid_name", "the server has no name", "/name", Right);
        var good = name.Length <= 63 && name[0] != '-' && name[^1] != '-' && !name.StartsWith("polyclaw-", StringComparison.Ordinal);
        foreach (var c in name)
            good &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
        return good ? null : new("invalid_name", "the server's name is " + Show(name), "/name", Right);
    }

    private static Fault? CheckLabel(string path, string? text, bool required)
    {
        if (text is null || (required && text.Length == 0))
            return new("invalid_label", "empty", path, "a text of 1 to " + MaxLabel + " characters");
        if (text.Length > MaxLabel)
            return new("invalid_label", $"{text.Length} characters", path, $"at most {MaxLabel}");
        foreach (var c in text)
        {
            if (char.IsControl(c) || char.IsSurrogate(c))
                return new("invalid_label", "the text " + Show(text), path, "no control characters, nothing beyond the basic plane");
        }
        return null;
    }

    private static Fault? CheckImage(string? image) =>
        image is null || ImageReference.TryParse(image, out _)
            ? null
            : new("invalid_image", "the image reference is " + Show(image), "/source/image", "[host/]name[:tag][@sha256:64 hex digits], all lower case but the tag");

    private static Fault? CheckArgs(IReadOnlyList<string> args)
    {
        if (args.Count > MaxArgs)
            return new("invalid_args", $"{args.Count} arguments", "/source/args", $"at most {MaxArgs}");
        long total = 0;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is null || args[i].Contains('\0', StringComparison.Ordinal))
                return new("invalid_args", "an argument that is null or holds a NUL", "/source/args/" + i.ToString(CultureInfo.InvariantCulture), "a text without NUL");
            total += Encoding.UTF8.GetByteCount(args[i]) + 1;
        }
        return total > MaxArgBytes ? new("invalid_args", $"{total} bytes of arguments", "/source/args", $"at most {MaxArgBytes} bytes") : null;
    }

    private static Fault? CheckRange(string path, long met, long least, long most, string unit) =>
        met >= least && met <= most ? null : new("invalid_quantity", $"{met} {unit}", path, $"{least} to {most} {unit}");
}
