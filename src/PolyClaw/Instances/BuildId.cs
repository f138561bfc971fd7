using System.Globalization;
using System.Reflection;

namespace PolyClaw.Instances;

/// <summary>Tells builds apart, and which of two is newer: by version, and between two builds of one version by when the program was written.</summary>
/// <param name="Version">Semantic version, with what was built (<c>0.1.0+3f2a</c>).</param>
/// <param name="Id">Id of the very module.</param>
/// <param name="Made">When the program's file was written, in Unix seconds.</param>
internal sealed record BuildId(string Version, string Id, long Made)
{
    public static BuildId Current { get; } = new(
        typeof(BuildId).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0",
        typeof(BuildId).Module.ModuleVersionId.ToString("N"),
        new DateTimeOffset(File.GetLastWriteTimeUtc(ProgramFile())).ToUnixTimeSeconds());

    /// <summary>Reads what <see cref="ToString"/> wrote; nothing for anything else.</summary>
    public static BuildId? Parse(string? text) =>
        text?.Split('/') is [{ Length: > 0 } version, { Length: > 0 } id, var made]
        && long.TryParse(made, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? new BuildId(version, id, seconds)
            : null;

    public bool IsNewerThan(BuildId other)
    {
        var (mine, theirs) = (Order(Version), Order(other.Version));
        var byVersion = mine.Release.CompareTo(theirs.Release);
        if (byVersion == 0)
            byVersion = string.CompareOrdinal(mine.Stage, theirs.Stage);
        return byVersion != 0 ? byVersion > 0 : Id != other.Id && Made > other.Made;
    }

    public override string ToString() => $"{Version}/{Id}/{Made.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A version without its build part. A release sorts after its own previews.</summary>
    private static (Version Release, string Stage) Order(string version)
    {
        var parts = version.Split('+')[0].Split('-', 2);
        return (System.Version.TryParse(parts[0], out var release) ? release : new Version(0, 0), parts.Length > 1 ? parts[1] : "\uffff");
    }

    private static string ProgramFile()
    {
        var module = Path.Combine(AppContext.BaseDirectory, "polyclaw.dll");
        return File.Exists(module) ? module : Environment.ProcessPath!;
    }
}
