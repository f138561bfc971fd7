using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Tests.Services.Scaling;

public sealed class ScalingOptionsTests
{
    public static TheoryData<ScalingOptions, string> Spoilt => new()
    {
        { new() { Tolerance = -0.1 }, "Tolerance" },
        { new() { Tolerance = double.NaN }, "Tolerance" },
        { new() { DownWindow = TimeSpan.FromSeconds(-1) }, "DownWindow" },
        { new() { UpPercent = -1 }, "UpPercent" },
        { new() { UpReplicas = 0 }, "UpReplicas" },
        { new() { DownPercent = 0 }, "DownPercent" },
        { new() { DownPercent = 101 }, "DownPercent" },
        { new() { RatePeriod = TimeSpan.Zero }, "RatePeriod" },
        { new() { HoldTime = TimeSpan.FromDays(2) }, "HoldTime" },
        { new() { IdleTime = TimeSpan.Zero }, "IdleTime" },
    };

    [Theory, MemberData(nameof(Spoilt))]
    public void What_is_out_of_range_is_named(ScalingOptions options, string key) =>
        Assert.Contains("Services:Scaling:" + key, new ScalingOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);

    [Fact]
    public void The_defaults_are_good() => Assert.True(new ScalingOptionsValidator().Validate(null, new ScalingOptions()).Succeeded);
}
