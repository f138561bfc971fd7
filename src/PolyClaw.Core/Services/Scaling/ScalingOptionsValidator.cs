using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Services.Scaling;

/// <summary>Judges <see cref="ScalingOptions"/> at start; every message names the key.</summary>
internal sealed class ScalingOptionsValidator : IValidateOptions<ScalingOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, ScalingOptions options) => new Ranges("Services:Scaling")
        .Within(nameof(options.Tolerance), options.Tolerance, 0, 1)
        .Within(nameof(options.DownWindow), options.DownWindow, TimeSpan.Zero, Day)
        .Within(nameof(options.UpPercent), options.UpPercent, 0, 10_000)
        .Within(nameof(options.UpReplicas), options.UpReplicas, 1, 1000)
        .Within(nameof(options.DownPercent), options.DownPercent, 1, 100)
        .Within(nameof(options.RatePeriod), options.RatePeriod, Second, TimeSpan.FromMinutes(30))
        .Within(nameof(options.HoldTime), options.HoldTime, TimeSpan.Zero, Day)
        .Within(nameof(options.IdleTime), options.IdleTime, Second, TimeSpan.FromDays(30))
        .Result;
}
