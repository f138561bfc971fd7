namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>Where this process may make control groups.</summary>
/// <param name="Unified">Whether it is the kernel's second form.</param>
/// <param name="Parents">Folders to make a child's folder in, and what each limits.</param>
internal sealed record ControlGroupRoot(bool Unified, IReadOnlyList<(IReadOnlyList<string> Controllers, string Folder)> Parents)
{
    private const string Mount = "/sys/fs/cgroup";
    private static readonly string[] Wanted = ["memory", "pids", "cpu"];

    /// <summary>What can be limited here.</summary>
    public IEnumerable<string> Controllers => Parents.SelectMany(parent => parent.Controllers);

    /// <summary>Looks, by making a group and removing it.</summary>
    /// <param name="name">A name for the trial.</param>
    public static ControlGroupRoot? Find(string name)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/cgroup"))
            return null;
        var lines = File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).ToList();
        var found = File.Exists(Path.Combine(Mount, "cgroup.controllers")) ? Second(lines) : First(lines);
        var usable = found.Parents.Where(parent => Try(parent.Folder, name)).ToList();
        return usable.Count == 0 ? null : found with { Parents = usable };
    }

    private static ControlGroupRoot First(List<string[]> lines) => new(false,
    [
        .. lines
            .Select(parts => (Controllers: (IReadOnlyList<string>)[.. parts[1].Split(',').Intersect(Wanted)], Folder: Mount + "/" + parts[1] + parts[2]))
            .Where(parent => parent.Controllers.Count > 0 && Directory.Exists(parent.Folder)),
    ]);

    private static ControlGroupRoot Second(List<string[]> lines)
    {
        // A group with processes in it can hand nothing on; beside our own, under its parent, is where a delegated group lies.
        var own = lines.FirstOrDefault(parts => parts[0] == "0")?[2] ?? "/";
        var parent = Path.GetDirectoryName(Mount + own) is { Length: >= 14 } folder ? folder : Mount;
        var control = Path.Combine(parent, "cgroup.subtree_control");
        var there = File.Exists(control) ? File.ReadAllText(control).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) : [];
        return new(true, [((IReadOnlyList<string>)[.. there.Intersect(Wanted)], parent)]);
    }

    private static bool Try(string parent, string name)
    {
        var folder = Path.Combine(parent, name);
        try
        {
            Directory.CreateDirectory(folder);
            Directory.Delete(folder);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
