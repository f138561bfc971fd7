using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>Judges <see cref="RolloutOptions"/> at start; every message names the key.</summary>
internal sealed class RolloutOptionsValidator : IValidateOptions<RolloutOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, RolloutOptions options) => new Ranges("Services:Rollouts")
        .Within(nameof(options.SurgePercent), options.SurgePercent, 1, 100)
        .Within(nameof(options.ProgressDeadline), options.ProgressDeadline, TimeSpan.FromSeconds(1), Day)
        .Must(nameof(options.CanarySteps), AreSteps(options.CanarySteps), "must rise from at least 1 to 100, for example 10, 50, 100")
        .Within(nameof(options.LeastSuccess), options.LeastSuccess, 0, 1)
        .Within(nameof(options.P99Factor), options.P99Factor, 1, 100)
        .Within(nameof(options.P99Slack), options.P99Slack, TimeSpan.Zero, TimeSpan.FromMinutes(1))
        .Within(nameof(options.P99WithoutStable), options.P99WithoutStable, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10))
        .Within(nameof(options.LeastSamples), options.LeastSamples, 1, 1_000_000)
        .Within(nameof(options.LeastStepTime), options.LeastStepTime, TimeSpan.Zero, Day)
        .Within(nameof(options.BadLooks), options.BadLooks, 1, 100)
        .Within(nameof(options.KeepOld), options.KeepOld, TimeSpan.Zero, Day)
        .Result;

    private static bool AreSteps(IReadOnlyList<int>? steps) =>
        steps is null || (steps is [>= 1, ..] and [.., 100] && steps.Zip(steps.Skip(1)).All(pair => pair.First < pair.Second));
}
