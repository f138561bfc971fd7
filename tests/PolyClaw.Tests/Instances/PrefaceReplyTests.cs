using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

public sealed class PrefaceReplyTests
{
    private static readonly BuildId Own = new("1.0.0", "own", 10);
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void An_idle_instance_makes_room_for_a_newer_build() => Assert.True(To("1.1.0/x/1", busy: false).Yields);

    [Fact]
    public void A_busy_instance_is_used_by_a_newer_build_and_says_so()
    {
        var reply = To("1.1.0/x/1", busy: true);
        Assert.False(reply.Yields);
        Assert.Contains("1.0.0", reply.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.9.0/x/1")]
    [InlineData("nonsense")]
    public void An_older_or_unreadable_build_never_ends_an_instance(string build)
    {
        var reply = To(build, busy: false);
        Assert.False(reply.Yields);
        Assert.NotNull(reply.Note);
    }

    [Fact]
    public void The_same_build_with_the_same_options_hears_nothing() => Assert.Null(To(Own.ToString(), busy: false).Note);

    [Fact]
    public void Options_that_differ_are_named_and_not_their_values()
    {
        var theirs = GivenOptions.Of(new Dictionary<string, string> { ["POLYCLAW__Model__Name"] = "very-secret", ["PATH"] = "/bin" });
        var reply = PrefaceReply.To(new Preface(Own.ToString(), Preface.Mcp, "/", theirs), Own, None, busy: false);
        Assert.Contains("POLYCLAW__Model__Name", reply.Note, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", reply.Note, StringComparison.Ordinal);
        Assert.DoesNotContain("PATH", reply.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_with_another_value_differs_and_one_with_the_same_does_not()
    {
        var ours = GivenOptions.Of(new Dictionary<string, string> { ["POLYCLAW__A"] = "1", ["POLYCLAW__B"] = "1" });
        var theirs = GivenOptions.Of(new Dictionary<string, string> { ["POLYCLAW__A"] = "1", ["POLYCLAW__B"] = "2", ["OPENAI_API_KEY"] = "k" });
        Assert.Equal(["OPENAI_API_KEY", "POLYCLAW__B"], GivenOptions.Differences(ours, theirs));
    }

    private static PrefaceAnswer To(string build, bool busy) => PrefaceReply.To(new Preface(build, Preface.Mcp, "/", None), Own, None, busy);
}
