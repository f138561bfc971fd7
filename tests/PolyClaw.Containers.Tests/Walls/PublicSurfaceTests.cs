using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Walls;

public sealed class PublicSurfaceTests
{
    [Fact]
    [Trait("Promise", "P20")]
    public void Shows_the_app_only_what_it_needs() =>
        Assert.Equal(
            ["ContainersServices", "EngineFacts", "EngineOptions", "EnginesOptions", "RuntimeKind", "RuntimeOptions", "Watchdog", "WatchdogLaunch"],
            typeof(ContainersServices).Assembly.GetExportedTypes().Select(type => type.Name).Order(StringComparer.Ordinal));

    [Fact]
    [Trait("Promise", "P20")]
    [Trait("Threat", "T05")]
    public void Nothing_is_made_called_or_removed_without_a_permit_or_a_grant()
    {
        var acts = typeof(IChildServers).GetMethods().Where(method => typeof(Task).IsAssignableFrom(method.ReturnType)).ToList();
        Assert.Equal(4, acts.Count);
        Assert.All(acts, method => Assert.True(
            method.GetParameters()[0].ParameterType == typeof(Permit) || method.GetParameters()[0].ParameterType == typeof(IReadOnlyList<RestoredServer>),
            method.Name));
        Assert.Equal(typeof(Grant), typeof(RestoredServer).GetProperty(nameof(RestoredServer.Grant))!.PropertyType);
    }
}
