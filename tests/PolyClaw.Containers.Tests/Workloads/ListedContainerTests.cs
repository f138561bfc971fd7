using Docker.DotNet.Models;
using PolyClaw.Containers.Workloads;

namespace PolyClaw.Containers.Tests.Workloads;

[Trait("Promise", "P50")]
public sealed class ListedContainerTests
{
    [Fact]
    public void One_that_goes_on_shows_the_same_and_whatever_changes_shows()
    {
        var seen = ListedContainer.Of(Listed());
        Assert.NotNull(seen);
        Assert.Equal(seen, ListedContainer.Of(Listed()));
        Assert.NotEqual(seen, ListedContainer.Of(Listed(state: "exited", status: "Exited (1) 2 minutes ago")));
        Assert.NotEqual(seen, ListedContainer.Of(Listed(status: "Up 3 minutes")));
        Assert.NotEqual(seen, ListedContainer.Of(Listed(port: 32_769)));
    }

    [Theory]
    [InlineData("Up Less than a second")]
    [InlineData("Up 1 second")]
    [InlineData("Up 59 seconds")]
    [InlineData("Restarting (1) 3 seconds ago")]
    [InlineData("")]
    public void One_that_may_have_been_started_again_unseen_shows_nothing_to_rely_on(string status) => Assert.Null(ListedContainer.Of(Listed(status: status)));

    private static ContainerListResponse Listed(string state = "running", string status = "Up 2 minutes", ushort port = 32_768) => new()
    {
        ID = "a1",
        State = state,
        Status = status,
        Ports = [new() { IP = "127.0.0.1", PrivatePort = 8080, PublicPort = port, Type = "tcp" }],
    };
}
