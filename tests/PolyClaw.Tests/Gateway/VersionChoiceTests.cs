using CsCheck;
using PolyClaw.Core.Services;
using PolyClaw.Gateway;

namespace PolyClaw.Tests.Gateway;

[Trait("Promise", "P52")]
public sealed class VersionChoiceTests
{
    private static readonly ReplicaRoute Replica = new(new ReplicaId("local", "web", 1, 1), new Uri("http://127.0.0.1:1/"));

    [Fact]
    public void A_session_moves_to_the_new_version_once_as_its_share_grows_and_never_back() =>
        Gen.String[1, 40].Sample(session =>
        {
            var versions = Enumerable.Range(0, 101).Select(weight => VersionChoice.Of(Shared(100 - weight, weight), session)!.Version).ToList();
            Assert.Equal(1, versions[0]);
            Assert.Equal(2, versions[100]);
            Assert.Equal(versions.Order(), versions);
        });

    [Fact]
    public void Sessions_are_shared_by_weight()
    {
        var counts = Enumerable.Range(0, 10_000).CountBy(i => VersionChoice.Of(Shared(90, 10), "session " + i)!.Version).ToDictionary();
        Assert.InRange(counts[2], 900, 1_100);
    }

    [Fact]
    public void Requests_without_a_session_are_shared_too()
    {
        var counts = Enumerable.Range(0, 10_000).CountBy(_ => VersionChoice.Of(Shared(50, 50), null)!.Version).ToDictionary();
        Assert.InRange(counts[1], 4_500, 5_500);
    }

    [Fact]
    public void A_version_without_a_replica_or_a_share_takes_nothing()
    {
        Assert.Equal(1, VersionChoice.Of(new ServiceRoutes("local", "web", [new VersionRoute(1, 1, [Replica]), new VersionRoute(2, 99, [])]), "s")!.Version);
        Assert.Equal(2, VersionChoice.Of(Shared(0, 100), "s")!.Version);
        Assert.Null(VersionChoice.Of(new ServiceRoutes("local", "web", [new VersionRoute(1, 100, [])]), null));
        Assert.Null(VersionChoice.Of(new ServiceRoutes("local", "web", []), null));
    }

    [Fact]
    [Trait("Promise", "P55")]
    public void A_version_whose_only_replica_has_just_failed_is_passed_over()
    {
        var other = new ReplicaRoute(Replica.Id with { Version = 2 }, Replica.Address);
        var routes = new ServiceRoutes("local", "web", [new VersionRoute(1, 50, [Replica]), new VersionRoute(2, 50, [other])]);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(2, VersionChoice.Of(routes, null, Replica.Id)!.Version));
        Assert.Null(VersionChoice.Of(new ServiceRoutes("local", "web", [new VersionRoute(1, 100, [Replica])]), null, Replica.Id));
    }

    private static ServiceRoutes Shared(int first, int second) =>
        new("local", "web", [new VersionRoute(1, first, [Replica]), new VersionRoute(2, second, [Replica])]);
}
