namespace PolyClaw.Core.Services.Scaling;

/// <summary>Time that has passed by a clock that may be set.</summary>
internal static class Elapsed
{
    /// <summary>Time since <paramref name="moment"/>; none where the clock was set back behind it.</summary>
    public static TimeSpan Since(this DateTimeOffset now, DateTimeOffset moment) => now > moment ? now - moment : TimeSpan.Zero;
}
