using PolyClaw.Containers.Workloads;

namespace PolyClaw.Containers.Tests.Workloads;

[Trait("Promise", "P50")]
public sealed class ListedContainerTests
{
    [Fact]
    public void One_that_goes_on_shows_the_same_and_whatever_changes_shows()
    {
        var seen = Listed();
        Assert.NotNull(seen);
        Assert.Equal(seen, Listed());
        Assert.NotEqual(seen, Listed(state: "exited", status: "Exited (1) 2 minutes ago"));
        Assert.NotEqual(seen, Listed(status: "Up 3 minutes"));
        Assert.NotEqual(seen, Listed(port: "127.0.0.1:32769->8080/tcp"));
        Assert.NotEqual(seen, ListedContainer.Of("a2", "running", "Up 2 minutes", ["127.0.0.1:32768->8080/tcp"]));
    }

    [Theory]
    [InlineData("Up Less than a second")]
    [InlineData("Up 1 second")]
    [InlineData("Up 59 seconds")]
    [InlineData("Restarting (1) 3 seconds ago")]
    [InlineData("")]
    public void One_that_may_have_been_started_again_unseen_shows_nothing_to_rely_on(string status) => Assert.Null(Listed(status: status));

    private static string? Listed(string state = "running", string status = "Up 2 minutes", string port = "127.0.0.1:32768->8080/tcp") =>
        ListedContainer.Of("a1", state, status, [port]);
}
