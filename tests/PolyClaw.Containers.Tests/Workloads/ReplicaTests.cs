using Microsoft.Extensions.Time.Testing;
using PolyClaw.Containers.Workloads;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Tests.Workloads;

[Trait("Promise", "P42")]
public sealed class ReplicaTests
{
    private static readonly Uri First = new("http://127.0.0.1:1001/");
    private static readonly Uri Second = new("http://127.0.0.1:1002/");
    private static readonly Fault Ill = new("unhealthy", "503");

    private readonly FakeTimeProvider _clock = new();
    private readonly Replica _replica;

    public ReplicaTests() => _replica = new Replica(new ReplicaId("acme", "web", 1, 1), null, _clock, mostFailures: 3);

    [Fact]
    public void It_is_starting_until_the_first_good_answer_however_many_are_bad()
    {
        Assert.Equal(ReplicaState.Starting, _replica.Seen(true, First, 0, null)!.State);
        for (var i = 0; i < 10; i++)
            Assert.Null(_replica.Checked(First, Ill));
        Assert.Equal((ReplicaState.Starting, Ill), (_replica.Info.State, _replica.Info.Error));
        var healthy = _replica.Checked(First, null);
        Assert.Equal((ReplicaState.Healthy, null), (healthy!.State, healthy.Error));
    }

    [Fact]
    public void It_is_unhealthy_after_three_bad_answers_in_a_row_and_healthy_after_one_good()
    {
        _replica.Seen(true, First, 0, null);
        _replica.Checked(First, null);
        _replica.Checked(First, Ill);
        _replica.Checked(First, Ill);
        Assert.Null(_replica.Checked(First, null));
        Assert.Null(_replica.Checked(First, Ill));
        Assert.Null(_replica.Checked(First, Ill));
        Assert.Equal((ReplicaState.Unhealthy, Ill), (_replica.Checked(First, Ill)!.State, _replica.Info.Error));
        Assert.Equal(ReplicaState.Healthy, _replica.Checked(First, null)!.State);
    }

    [Fact]
    public void An_answer_of_an_earlier_life_does_not_count()
    {
        _replica.Seen(true, First, 0, null);
        _replica.Checked(First, null);
        Assert.Equal((ReplicaState.Starting, Second, 1), _replica.Seen(true, Second, 1, null) is { } again ? (again.State, again.Address, again.Restarts) : default);
        Assert.Null(_replica.Checked(First, null));
        Assert.Equal(ReplicaState.Starting, _replica.Info.State);
    }

    [Fact]
    public void What_has_ended_has_no_address_and_says_how_it_ended()
    {
        _replica.Seen(true, First, 0, null);
        _replica.Checked(First, null);
        var ended = _replica.Seen(false, null, 0, new Fault("ended", "exit code 1"))!;
        Assert.Equal((ReplicaState.Stopped, null, "exit code 1"), (ended.State, ended.Address, ended.Error!.Message));
        Assert.Null(_replica.Checked(First, null));
        Assert.Equal(ReplicaState.Starting, _replica.Seen(true, First, 0, null)!.State);
    }

    [Fact]
    public void Only_news_is_told_and_dated()
    {
        var began = _clock.GetUtcNow();
        _replica.Seen(true, First, 0, null);
        _replica.Checked(First, null);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_replica.Seen(true, First, 0, null));
        Assert.Null(_replica.Checked(First, null));
        Assert.Equal(began, _replica.Info.Since);
    }
}
