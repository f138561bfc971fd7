using Microsoft.Extensions.Time.Testing;
using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

public sealed class ActivityTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Activity _activity;

    public ActivityTests() => _activity = new Activity(_clock);

    [Fact]
    public void One_that_is_in_keeps_the_instance_from_ending()
    {
        Assert.True(_activity.TryEnter());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(_activity.TryCloseAfter(TimeSpan.FromMinutes(1)));
        _activity.Leave();
        Assert.False(_activity.TryCloseAfter(TimeSpan.FromMinutes(1)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_activity.TryCloseAfter(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Room_is_made_for_the_one_connection_alone()
    {
        Assert.True(_activity.TryEnter());
        Assert.True(_activity.TryEnter());
        Assert.False(_activity.TryCloseForOne());
        _activity.Leave();
        Assert.True(_activity.TryCloseForOne());
    }

    [Fact]
    public void Nobody_is_let_in_once_the_end_is_decided()
    {
        Assert.True(_activity.TryCloseAfter(TimeSpan.Zero));
        Assert.False(_activity.TryEnter());
        Assert.Equal(0, _activity.Connections);
    }

    [Fact]
    public async Task Of_an_end_and_a_client_at_one_moment_exactly_one_wins()
    {
        for (var i = 0; i < 200; i++)
        {
            var activity = new Activity(_clock);
            var (closed, entered) = (Task.Run(() => activity.TryCloseAfter(TimeSpan.Zero)), Task.Run(activity.TryEnter));
            Assert.NotEqual(await closed, await entered);
        }
    }
}
