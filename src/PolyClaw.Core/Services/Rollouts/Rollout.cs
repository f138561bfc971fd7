using System.Diagnostics;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>
/// Decides how one version takes the place of another. A reconciler looks about once a second, asks here, journals the state where it
/// changed and then brings the world to what is desired; after a crash it goes on with the journaled state. Pure: the same state and the
/// same look give the same decision, whatever the clock does.
/// </summary>
public static class Rollout
{
    /// <summary>A rollout that has not been looked at yet.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="options">How carefully; valid ones.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">The order has a fault (<see cref="RolloutOrder.FaultIn"/>).</exception>
    public static RolloutState Start(RolloutOrder order, RolloutOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.FaultIn() is { } fault)
            throw new ArgumentException(fault.ToString(), nameof(order));
        var step = order.Strategy == RolloutStrategy.Canary ? Canary.FirstStep(order, options) : 100;
        return new RolloutState(order, RolloutPhase.Progressing, step, 0, now, now, 0, 0, null, new Desired(order.StableReplicas, 0, 0), null);
    }

    /// <summary>What is to be done, given what is seen. A rollout that has ended stays as it is.</summary>
    /// <param name="state">The state from the look before.</param>
    /// <param name="stable">The old version; <see cref="VersionSeen.None"/> where there is none.</param>
    /// <param name="fresh">The new version.</param>
    /// <param name="now">The time; it may jump, also back.</param>
    /// <param name="options">How carefully; valid ones.</param>
    public static RolloutDecision Next(RolloutState state, VersionSeen stable, VersionSeen fresh, DateTimeOffset now, RolloutOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        var look = new Look(stable, fresh, now, options);
        return state.Phase switch
        {
            RolloutPhase.Succeeded or RolloutPhase.RolledBack => new RolloutDecision(state, state.Desired),
            RolloutPhase.RestoringOld or RolloutPhase.RollingBack => GoingBack.Next(state, look),
            _ when fresh.Broken => GoingBack.Begin(state, look, RolloutFaults.Broken(state, look)),
            RolloutPhase.KeepingOld => Handover.KeepOld(state, look),
            RolloutPhase.Promoting => Handover.Promote(state, look),
            RolloutPhase.Progressing => Progress(state, look),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Gives the new version up, on a person's word or because its run ended. One that goes back or has ended already stays as it is.</summary>
    /// <param name="state">The state from the look before.</param>
    /// <param name="reason">Why; what the rollout ends with.</param>
    /// <param name="now">The time.</param>
    public static RolloutState Cancel(RolloutState state, Fault reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase.IsForward() ? GoingBack.Turn(state, reason, now) : state;
    }

    private static RolloutDecision Progress(RolloutState state, Look look) => state.Order switch
    {
        { IsStopFirst: true } => StopFirst.Next(state, look),
        { IsAlone: true } => FirstVersion.Next(state, look),
        { Strategy: RolloutStrategy.Rolling } => Rolling.Next(state, look),
        { Strategy: RolloutStrategy.BlueGreen } => BlueGreen.Next(state, look),
        { Strategy: RolloutStrategy.Canary } => Canary.Next(state, look),
        _ => throw new UnreachableException(),
    };
}
