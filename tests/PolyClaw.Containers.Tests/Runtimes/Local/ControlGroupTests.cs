using System.Diagnostics;
using System.Globalization;
using PolyClaw.Containers.Runtimes.Local;

namespace PolyClaw.Containers.Tests.Runtimes.Local;

[Trait("Fault", "F1")]
public sealed class ControlGroupTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("polyclaw-groups-").FullName;

    [Fact]
    public async Task The_groups_of_a_process_that_is_no_more_are_removed_and_no_others()
    {
        using var process = Process.Start("/bin/true");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var dead = Make(process.Id, "3");
        var probe = Make(process.Id, "probe");
        var (alive, foreign) = (Make(Environment.ProcessId, "1"), Path.Combine(_parent, "polyclaw.slice"));
        Directory.CreateDirectory(foreign);
        // The kernel refuses to remove a group that holds a process, as it does a folder that holds a file here.
        var busy = Make(process.Id, "4");
        File.WriteAllText(Path.Combine(busy, "cgroup.procs"), "");

        Assert.Equal([Path.GetFileName(dead), Path.GetFileName(probe)], ControlGroup.RemoveLeft(new ControlGroupRoot(Unified: true, [([], _parent)])));
        Assert.Equal(new[] { alive, busy, foreign }.Order(StringComparer.Ordinal), Directory.GetDirectories(_parent).Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    private string Make(int process, string rest) =>
        Directory.CreateDirectory(Path.Combine(_parent, string.Create(CultureInfo.InvariantCulture, $"polyclaw.{process}.{rest}"))).FullName;
}
