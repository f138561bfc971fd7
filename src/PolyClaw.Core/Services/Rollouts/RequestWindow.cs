namespace PolyClaw.Core.Services.Rollouts;

/// <summary>What a version answered in a stretch of time.</summary>
/// <param name="Count">Requests answered.</param>
/// <param name="Failures">Those of them that failed.</param>
/// <param name="P99">Time within which 99 % were answered.</param>
public sealed record RequestWindow(long Count, long Failures, TimeSpan P99)
{
    /// <summary>Whether the figures can be true; what cannot be counts as missing.</summary>
    internal bool IsSound => Count >= 0 && Failures >= 0 && Failures <= Count && P99 >= TimeSpan.Zero;
}
