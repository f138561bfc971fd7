namespace PolyClaw.Core.Services;

/// <summary>What requests came to in a stretch of time.</summary>
/// <param name="Count">How many were answered.</param>
/// <param name="Failures">How many of them with a server's error, or not at all.</param>
/// <param name="P50">Half of them took at most this.</param>
/// <param name="P95">95 % of them took at most this.</param>
/// <param name="P99">99 % of them took at most this.</param>
public sealed record RequestFigures(long Count, long Failures, TimeSpan P50, TimeSpan P95, TimeSpan P99)
{
    /// <summary>No requests.</summary>
    public static RequestFigures None { get; } = new(0, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
}
