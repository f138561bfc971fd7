using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>Why a rollout goes back.</summary>
internal static class RolloutFaults
{
    public static Fault Broken(RolloutState state, Look look) => look.New.Why ?? new Fault(
        "version_broken", $"version {state.Order.NewVersion} cannot get healthy", null, "see the logs of its replicas");

    public static Fault Late(RolloutState state, Look look, int needed) => new(
        "progress_deadline",
        $"{look.New.Healthy} of {needed} replicas of version {state.Order.NewVersion} are healthy, and for {look.Options.ProgressDeadline.TotalSeconds:0.#} s there were no more{(look.New.Why is { } why ? ": " + why.Message : "")}",
        look.New.Why?.Path,
        look.New.Why?.Fix ?? "see why they do not get healthy, or allow more time");

    public static Fault UnhealthyAfterSwitch(RolloutState state, Look look) => new(
        "unhealthy_after_switch",
        $"after the switch {look.New.Healthy} of {state.Order.Replicas} replicas of version {state.Order.NewVersion} are healthy",
        null,
        "see the logs of its replicas");

    public static Fault Failing(RolloutState state, RequestWindow seen, RolloutOptions options) => new(
        "bad_metrics",
        $"version {state.Order.NewVersion} failed {seen.Failures} of {seen.Count} requests at {state.Weight} % of the traffic; {options.LeastSuccess:0.####} of them must succeed",
        null,
        "see the logs of its replicas");

    public static Fault Slow(RolloutState state, RequestWindow seen, double limitMs) => new(
        "bad_metrics",
        $"version {state.Order.NewVersion} has a p99 of {seen.P99.TotalMilliseconds:0.#} ms at {state.Weight} % of the traffic; at most {limitMs:0.#} ms is good",
        null,
        "see what slows it down");
}
