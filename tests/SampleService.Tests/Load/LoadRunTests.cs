using Microsoft.Extensions.Time.Testing;
using PolyClaw.Samples.Service.Load;

namespace SampleService.Tests.Load;

[Trait("Promise", "P55")]
public sealed class LoadRunTests : IDisposable
{
    private const string Good = """{"version":"v1","bytes":0}""";

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeService _service = new();
    private readonly Tally _tally = new();
    private readonly CancellationTokenSource _stop = new();
    private ServiceClient? _client;

    public void Dispose()
    {
        _client?.Dispose();
        _service.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Requests_go_when_they_are_due_though_none_was_answered()
    {
        var run = Start(new LoadSettings(new Uri("http://h/"), Rate: 50, Seconds: 1));
        List<FakeService.Asked> asked = [await _service.NextAsync()];
        while (asked.Count < 50)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(20));
            asked.Add(await _service.NextAsync());
        }

        Assert.StartsWith("1 s  sent 50  failed 0  p50 0 ms", _tally.Now(1), StringComparison.Ordinal);
        asked.ForEach(one => one.Answer(Good));
        await run;
        // The last was answered at once, the first after 980 ms.
        Assert.Matches(@"^sent 50, failed 0, p50 48\d ms, .* max 980 ms,", _tally.Summary());
    }

    [Fact]
    public async Task One_that_waits_for_a_place_counts_from_when_it_was_due()
    {
        var run = Start(new LoadSettings(new Uri("http://h/"), Rate: 1, Seconds: 2, Workers: 1));
        var first = await _service.NextAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, _service.Waiting);

        first.Answer(Good);
        (await _service.NextAsync()).Answer(Good);
        await run;

        Assert.Matches(@"^sent 2, failed 0, p50 40\d\d ms, p95 5000 ms, p99 5000 ms, max 5000 ms, by version v1 2$", _tally.Summary());
    }

    [Fact]
    public async Task What_the_request_itself_asked_for_is_no_latency()
    {
        var run = Start(new LoadSettings(new Uri("http://h/"), Rate: 1, Seconds: 1, SlowEvery: 1));
        var asked = await _service.NextAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(403));
        asked.Answer(Good);
        await run;

        Assert.StartsWith("sent 1, failed 0, p50 3 ms", _tally.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_find_no_place_in_time_are_failures()
    {
        var run = Start(new LoadSettings(new Uri("http://h/"), Rate: 10, Seconds: 1, Workers: 1, TimeoutSeconds: 30));
        var first = await _service.NextAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        first.Answer(Good);
        await run;

        Assert.StartsWith("sent 1, failed 9,", _tally.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Told_to_stop_it_sends_no_more_and_waits_for_what_is_in_flight()
    {
        var run = Start(new LoadSettings(new Uri("http://h/"), Rate: 10, Seconds: 60));
        var first = await _service.NextAsync();
        await _stop.CancelAsync();
        Assert.False(run.IsCompleted);

        first.Answer(Good);
        await run;

        Assert.StartsWith("sent 1, failed 0,", _tally.Summary(), StringComparison.Ordinal);
        Assert.Equal(0, _service.Waiting);
    }

    private Task Start(LoadSettings settings)
    {
        _client = new ServiceClient(settings.Url, _service, TimeSpan.FromMinutes(5));
        return new LoadRun(settings, _client, _tally, _clock).RunAsync(_stop.Token);
    }
}
