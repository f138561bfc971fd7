using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

public sealed class IdleEndTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Life _life = new();
    private readonly Activity _activity;
    private int _runs;

    public IdleEndTests() => _activity = new Activity(_clock);

    public void Dispose() => _life.Dispose();

    [Fact]
    public async Task An_instance_that_nobody_needs_ends_after_its_idle_minutes()
    {
        using var idle = await StartAsync(minutes: 2, foreground: false);
        Pass(TimeSpan.FromSeconds(115));
        Assert.False(_life.Stopped);
        await EndsAsync();
    }

    [Fact]
    public async Task A_run_or_a_connection_keeps_it_and_the_quiet_begins_when_they_end()
    {
        using var idle = await StartAsync(minutes: 1, foreground: false);
        Assert.True(_activity.TryEnter());
        Pass(TimeSpan.FromMinutes(5));
        _runs = 1;
        _activity.Leave();
        Pass(TimeSpan.FromMinutes(5));
        _runs = 0;
        Pass(TimeSpan.FromSeconds(50));
        Assert.False(_life.Stopped);
        await EndsAsync();
    }

    [Fact]
    public async Task One_in_the_foreground_stays()
    {
        using var idle = await StartAsync(minutes: 1, foreground: true);
        await idle.ExecuteTask!.WaitAsync(TestHome.Limit, TestContext.Current.CancellationToken);
        Assert.False(_life.Stopped);
    }

    private async Task<IdleEnd> StartAsync(int minutes, bool foreground)
    {
        var idle = new IdleEnd(
            _activity, () => _runs, Options.Create(new InstanceOptions { IdleMinutes = minutes }), new InstanceMode(foreground), _life, _clock, NullLogger<IdleEnd>.Instance);
        await idle.StartAsync(TestContext.Current.CancellationToken);
        return idle;
    }

    /// <summary>The clock goes on until it has ended: a look that came late is followed by another.</summary>
    private Task EndsAsync() => TestHome.UntilAsync(() =>
    {
        Pass(TimeSpan.FromSeconds(5));
        return Task.FromResult(_life.Stopped);
    });

    /// <summary>Second by second, so that every look of the timer is taken.</summary>
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Thread.Yield();
        }
    }

    private sealed class Life : IHostApplicationLifetime, IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Stopped => _ended.Task.IsCompleted;

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _ended.TrySetResult();

        public void Dispose() => _ended.TrySetResult();
    }
}
