using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Hardening;

/// <summary>
/// The folders that an image declares as volumes. The engine would make a writable folder on its own disk for each, without a limit and in
/// spite of the read-only root: we lay sized memory over each instead, and refuse images that declare more than a few.
/// </summary>
internal static class ImageVolumes
{
    /// <summary>Most folders beside <c>/tmp</c>.</summary>
    public const int Most = 4;

    private static readonly string[] Reserved = ["proc", "sys", "dev", "etc"];

    /// <summary>The folders to cover, in the form that the engine knows them by.</summary>
    /// <param name="image">The image, for the fault.</param>
    /// <param name="declared">What it declares.</param>
    /// <exception cref="RuntimeFaultException">They are too many, or lie where nothing may be laid.</exception>
    public static IReadOnlyList<string> Of(string image, IEnumerable<string> declared)
    {
        var folders = declared.Select(path => "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries)))
            .Where(path => path != "/tmp")
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (folders.Count > Most)
            throw Refused(image, $"declares {folders.Count} volumes", $"an image with at most {Most}: each takes from the server's memory");
        return folders.Find(path => !IsSafe(path)) is { } bad
            ? throw Refused(image, "declares a volume at " + LaunchRules.Show(bad), "an image whose volumes are plain folders outside /proc, /sys, /dev and /etc")
            : folders;
    }

    private static bool IsSafe(string path)
    {
        var names = path[1..].Split('/');
        return !names.Any(name => name is "" or "." or "..")
            && !Reserved.Contains(names[0], StringComparer.Ordinal)
            && path.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            && path.AsSpan().IndexOfAny(':', ',', '\\') < 0;
    }

    private static RuntimeFaultException Refused(string image, string problem, string right) =>
        new(new Fault("image_volumes", $"image {LaunchRules.Show(image)} {problem}", "/source/image", right), transient: false);
}
