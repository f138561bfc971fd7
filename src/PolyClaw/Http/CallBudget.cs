namespace PolyClaw.Http;

/// <summary>What one principal may ask for: messages a second, requests and event streams at a time.</summary>
internal sealed class CallBudget(McpHttpOptions options, TimeProvider clock)
{
    public TokenBucket Messages { get; } = new(options.MessagesPerSecond, options.MessageBurst, clock);

    public CallSlots Requests { get; } = new(options.ConcurrentRequests);

    public CallSlots Streams { get; } = new(options.ConcurrentStreams);
}
