using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Walls;

[Trait("Threat", "T06")]
public class ServerSpecWallTests
{
    [Fact]
    public void What_a_model_may_say_of_a_server_has_no_privileged_field()
    {
        // A new field is added here after asking what it lets a container do: Privileged, CapAdd, Binds, Devices, PidMode and their like never are.
        Assert.Equal(
            ["Env", "IdleMinutes", "Location", "Name", "Network", "Resources", "Secrets", "Source"],
            Fields(typeof(ServerSpec)));
        Assert.Equal(["Cpu", "Memory", "Pids", "Storage"], Fields(typeof(ServerResources)));
        Assert.Equal(["Args", "Kind", "Reference"], Fields(typeof(ServerSource.Image)));
        Assert.Equal(["Definitions", "Files", "Kind"], Fields(typeof(ServerSource.Tools)));
        Assert.Equal(["Kind", "Url"], Fields(typeof(ServerSource.Remote)));
        Assert.Equal(["Kind"], Fields(typeof(ServerSource.Host)));
        Assert.Equal(["Host", "Image", "Remote", "Tools"], typeof(ServerSource).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(ServerSource))).Select(t => t.Name).Order());
    }

    private static IEnumerable<string> Fields(Type type) => type.GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal);
}
