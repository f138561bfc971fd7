using System.ClientModel.Primitives;
using System.Globalization;

namespace PolyClaw.Models;

/// <summary>
/// Tries again what may pass, as long after as the server asks, else after a doubling wait with jitter. A server that asks for more patience
/// than <see cref="LongestWait"/> is not waited for: the fault says how long it wants.
/// </summary>
/// <param name="clock">Measures the waits.</param>
internal sealed class ModelRetries(TimeProvider clock) : ClientRetryPolicy(Most)
{
    /// <summary>Attempts after the first.</summary>
    public const int Most = 3;

    /// <summary>The longest wait before one attempt.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(800);

    /// <summary>How long a response asks to wait: <c>retry-after-ms</c>, or <c>Retry-After</c> in seconds or as a date.</summary>
    /// <param name="response">The response, if one came.</param>
    /// <param name="clock">Tells what a date means.</param>
    public static TimeSpan? Asked(PipelineResponse? response, TimeProvider clock)
    {
        if (response is null)
            return null;
        if (response.Headers.TryGetValue("retry-after-ms", out var ms) && double.TryParse(ms, CultureInfo.InvariantCulture, out var milliseconds))
            return Bounded(milliseconds / 1_000);
        if (!response.Headers.TryGetValue("Retry-After", out var text))
            return null;
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var seconds))
            return Bounded(seconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Bounded((date - clock.GetUtcNow()).TotalSeconds)
            : null;
    }

    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) =>
        !(Asked(message.Response, clock) > LongestWait) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) =>
        Asked(message.Response, clock) > LongestWait ? new(false) : base.ShouldRetryAsync(message, exception);

    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount) =>
        Asked(message.Response, clock) ?? FirstWait * Math.Pow(2, tryCount - 1) * (0.75 + (Random.Shared.NextDouble() / 2));

    protected override Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, clock, cancellationToken);

    // What a header says may be anything: nothing negative, not a number or beyond a year.
    private static TimeSpan? Bounded(double seconds) => double.IsNaN(seconds) ? null : TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 31_536_000));
}
