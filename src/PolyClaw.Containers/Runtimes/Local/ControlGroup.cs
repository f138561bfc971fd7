using System.Globalization;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>
/// A control group for one child: memory, processes and processor time, in whichever of the kernel's two forms this process may
/// write. Where it may not, the runtime says so and the child has ToolServer's own limits alone.
/// </summary>
internal sealed class ControlGroup
{
    /// <summary>What every group's name begins with; the id of the process that made it follows, then a dot.</summary>
    public const string Prefix = "polyclaw.";

    private readonly IReadOnlyList<string> _folders;

    private ControlGroup(IReadOnlyList<string> folders) => _folders = folders;

    /// <summary>Makes a group under the folders that <see cref="ControlGroupRoot"/> found.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The kernel refused.</exception>
    public static ControlGroup Make(ControlGroupRoot root, string name, ChildLaunch launch)
    {
        var folders = new List<string>();
        var group = new ControlGroup(folders);
        try
        {
            foreach (var (controllers, parent) in root.Parents)
            {
                var folder = Path.Combine(parent, name);
                Directory.CreateDirectory(folder);
                folders.Add(folder);
                foreach (var (file, value) in controllers.SelectMany(controller => Limits(root.Unified, controller, launch)))
                    File.WriteAllText(Path.Combine(folder, file), value);
            }

            return group;
        }
        catch
        {
            group.Remove();
            throw;
        }
    }

    /// <summary>Removes the groups of processes that are no more. One in which something still runs stays: the kernel keeps it.</summary>
    /// <returns>Names of what was removed.</returns>
    public static List<string> RemoveLeft(ControlGroupRoot root)
    {
        var removed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var folder in root.Parents.SelectMany(parent => Directory.EnumerateDirectories(parent.Folder, Prefix + "*")))
        {
            var maker = Path.GetFileName(folder)[Prefix.Length..].Split('.')[0];
            if (int.TryParse(maker, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !Directory.Exists($"/proc/{id}") && TryDelete(folder))
                removed.Add(Path.GetFileName(folder));
        }

        return [.. removed];
    }

    /// <summary>Takes a process and all that it started in.</summary>
    public void Take(int processId)
    {
        // What a process in the group starts is born in it: only those already there must be moved, until a look finds no more.
        var moved = new HashSet<int>();
        while (Family(processId).Where(moved.Add).ToList() is { Count: > 0 } found)
        {
            foreach (var id in found)
                Move(id);
        }
    }

    /// <summary>Whether the memory limit killed something in it.</summary>
    public bool KilledForMemory() => _folders
        .SelectMany(folder => (string[])[Path.Combine(folder, "memory.oom_control"), Path.Combine(folder, "memory.events")])
        .Where(File.Exists)
        .SelectMany(File.ReadLines)
        .Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && line != "oom_kill 0");

    /// <summary>Removes it, once the kernel has let go of the last process in it.</summary>
    public async Task RemoveAsync(TimeProvider clock)
    {
        for (var tries = 0; tries < 20 && !Remove(); tries++)
            await Task.Delay(TimeSpan.FromMilliseconds(10), clock);
    }

    private bool Remove()
    {
        var all = true;
        foreach (var folder in _folders.Where(Directory.Exists))
            all &= TryDelete(folder);
        return all;
    }

    private static bool TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Move(int id)
    {
        foreach (var folder in _folders)
        {
            try
            {
                File.WriteAllText(Path.Combine(folder, "cgroup.procs"), id.ToString(CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It ended between the look and the move.
            }
        }
    }

    private static IEnumerable<int> Family(int id)
    {
        yield return id;
        foreach (var child in ChildrenOf(id))
        {
            foreach (var one in Family(child))
                yield return one;
        }
    }

    private static List<int> ChildrenOf(int id)
    {
        var children = new List<int>();
        try
        {
            foreach (var task in Directory.EnumerateDirectories($"/proc/{id}/task"))
            {
                foreach (var child in File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    children.Add(int.Parse(child, CultureInfo.InvariantCulture));
            }
        }
        catch (IOException)
        {
            // It ended while it was looked at; so did what it had.
        }

        return children;
    }

    private static IEnumerable<(string File, string Value)> Limits(bool unified, string controller, ChildLaunch launch)
    {
        var micros = (launch.NanoCpus / 10_000).ToString(CultureInfo.InvariantCulture);
        var bytes = launch.MemoryBytes.ToString(CultureInfo.InvariantCulture);
        var pids = launch.Pids.ToString(CultureInfo.InvariantCulture);
        return (unified, controller) switch
        {
            (_, "pids") => [("pids.max", pids)],
            (true, "memory") => [("memory.max", bytes), ("memory.swap.max", "0")],
            (true, "cpu") => [("cpu.max", $"{micros} 100000")],
            (false, "memory") => [("memory.limit_in_bytes", bytes)],
            (false, "cpu") => [("cpu.cfs_period_us", "100000"), ("cpu.cfs_quota_us", micros)],
            _ => [],
        };
    }
}
