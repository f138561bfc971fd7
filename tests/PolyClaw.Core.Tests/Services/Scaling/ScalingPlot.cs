using CsCheck;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Tests.Services.Scaling;

/// <summary>What happens in one second of a simulated service.</summary>
/// <param name="Seconds">How far the clock moves, also back.</param>
/// <param name="Load">What the service has to bear, in replicas.</param>
/// <param name="Measured">How many in ten of the ready replicas are measured.</param>
/// <param name="NotReady">How many in ten of its replicas are not ready.</param>
/// <param name="Quota">The most replicas there is quota for.</param>
/// <param name="Ask">A number somebody asks for.</param>
public sealed record ScalingMoment(int Seconds, double Load, int Measured, int NotReady, int? Quota, int? Ask);

/// <summary>One history to be simulated.</summary>
/// <param name="Rule">The service's bounds.</param>
/// <param name="Options">How quickly.</param>
/// <param name="Moments">What happens.</param>
public sealed record ScalingPlot(ScalingRule Rule, ScalingOptions Options, ScalingMoment[] Moments)
{
    public static Gen<ScalingPlot> Any { get; } = Of(
        Gen.Frequency((20, Gen.Int[0, 20]), (1, Gen.Int[-400, 400])),
        Gen.Frequency((8, Gen.Int[100, 300].Select(q => (int?)null)), (1, Gen.Int[0, 60].Select(q => (int?)q))),
        Gen.Frequency((20, Gen.Const((int?)null)), (1, Gen.Int[0, 60].Select(n => (int?)n))));

    /// <summary>Histories whose clock only goes forward, without quota and wishes.</summary>
    public static Gen<ScalingPlot> Plain { get; } = Of(Gen.Int[1, 20], Gen.Const((int?)null), Gen.Const((int?)null));

    private static Gen<ScalingPlot> Of(Gen<int> seconds, Gen<int?> quota, Gen<int?> ask)
    {
        var moment = Gen.Select(
            seconds, Gen.Double[0, 60], Gen.Frequency((4, Gen.Const(10)), (1, Gen.Int[0, 10])), Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[0, 10])), quota, ask,
            (s, load, measured, notReady, q, a) => new ScalingMoment(s, load, measured, notReady, q, a));
        var options = Gen.Select(
            Gen.Int[0, 2].Select(i => 150 * i), Gen.Int[1, 4].Select(i => 25 * i),
            (window, down) => new ScalingOptions { DownWindow = TimeSpan.FromSeconds(window), DownPercent = down });
        var rule = Gen.Select(Gen.Int[0, 10], Gen.Int[0, 40], (min, more) => new ScalingRule(min, Math.Max(1, min + more)));
        return Gen.Select(rule, options, moment.Array[1, 60], (r, o, moments) => new ScalingPlot(r, o, moments));
    }
}
