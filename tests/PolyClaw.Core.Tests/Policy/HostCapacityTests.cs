using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Policy;

[Trait("Promise", "P16")]
public class HostCapacityTests
{
    [Fact]
    public void Says_what_was_read_otherwise_than_written_and_what_is_not_enforced()
    {
        var notes = HostCapacity.Notes(Host("2Gi", "20Gi"));
        Assert.Equal(["cpu=2Gi is taken for 2 cores", "storage=20Gi is counted, and not enforced by the engine"], notes);
        Assert.Equal(["cpu=1Gi is taken for 1 core"], HostCapacity.Notes(Host("1Gi", null)));
        Assert.Empty(HostCapacity.Notes(Host("500m", null)));
    }

    [Fact]
    public void Nothing_is_read_otherwise_for_another_kind_of_server()
    {
        var image = Host("2Gi", null) with { Source = new ServerSource.Image("example/x") };
        Assert.Equal("2Gi", HostCapacity.Read(image)!.Cpu);
        Assert.Empty(HostCapacity.Notes(image));
        Assert.Equal("2", HostCapacity.Read(Host("2Gi", null))!.Cpu);
    }

    private static ServerSpec Host(string cpu, string? storage) => new("host-1", new ServerSource.Host(), new ServerResources(cpu, "4Gi", storage));
}
