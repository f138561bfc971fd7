using PolyClaw.Core.Services;
using PolyClaw.Gateway;

namespace PolyClaw.Tests.Gateway;

public sealed class RouteTableTests
{
    private static readonly ReplicaRoute Replica = new(new ReplicaId("local", "web", 1, 1), new Uri("http://127.0.0.1:1/"));

    [Fact]
    [Trait("Promise", "P55")]
    public void A_replica_is_in_the_routes_only_at_the_address_that_it_has_now()
    {
        var routes = new RouteTable();
        Assert.False(routes.Has("web", Replica));
        routes.Publish([new ServiceRoutes("local", "web", [new VersionRoute(1, 0, [Replica])])]);
        Assert.True(routes.Has("web", Replica));
        Assert.False(routes.Has("api", Replica));
        Assert.False(routes.Has("web", Replica with { Address = new Uri("http://127.0.0.1:2/") }));
        Assert.False(routes.Has("web", Replica with { Id = Replica.Id with { Version = 2 } }));
        routes.Publish([new ServiceRoutes("local", "web", [new VersionRoute(1, 0, [])])]);
        Assert.False(routes.Has("web", Replica));
    }
}
