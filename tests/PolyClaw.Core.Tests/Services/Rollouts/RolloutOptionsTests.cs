using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

public sealed class RolloutOptionsTests
{
    public static TheoryData<RolloutOptions, string> Spoilt => new()
    {
        { new() { SurgePercent = 0 }, "SurgePercent" },
        { new() { ProgressDeadline = TimeSpan.Zero }, "ProgressDeadline" },
        { new() { LeastSuccess = 1.1 }, "LeastSuccess" },
        { new() { LeastSuccess = double.NaN }, "LeastSuccess" },
        { new() { P99Factor = 0.5 }, "P99Factor" },
        { new() { P99Slack = TimeSpan.FromSeconds(-1) }, "P99Slack" },
        { new() { P99WithoutStable = TimeSpan.Zero }, "P99WithoutStable" },
        { new() { LeastSamples = 0 }, "LeastSamples" },
        { new() { LeastStepTime = TimeSpan.FromSeconds(-1) }, "LeastStepTime" },
        { new() { BadLooks = 0 }, "BadLooks" },
        { new() { KeepOld = TimeSpan.FromDays(2) }, "KeepOld" },
        { new() { CanarySteps = [] }, "CanarySteps" },
        { new() { CanarySteps = [0, 100] }, "CanarySteps" },
        { new() { CanarySteps = [10, 10, 100] }, "CanarySteps" },
        { new() { CanarySteps = [50, 10, 100] }, "CanarySteps" },
        { new() { CanarySteps = [5, 50] }, "CanarySteps" },
        { new() { CanarySteps = [5, 101] }, "CanarySteps" },
    };

    [Theory, MemberData(nameof(Spoilt))]
    public void What_is_out_of_range_is_named(RolloutOptions options, string key) =>
        Assert.Contains("Services:Rollouts:" + key, new RolloutOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);

    [Fact]
    public void The_defaults_are_good()
    {
        Assert.True(new RolloutOptionsValidator().Validate(null, new RolloutOptions()).Succeeded);
        Assert.True(new RolloutOptionsValidator().Validate(null, new RolloutOptions { CanarySteps = [100] }).Succeeded);
    }
}
