using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy;

/// <summary>An action before the gate.</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Action">The action, references expanded.</param>
/// <param name="RunId">The run it belongs to; nothing for a direct call.</param>
/// <param name="StepsStarted">Steps the run has started so far.</param>
/// <param name="Limits">The run's limits; nothing for a direct call.</param>
/// <param name="Approved">Whether a person approved exactly this action.</param>
/// <param name="Key">The step's idempotency key: what it made in an earlier life is its own. Nothing for a direct call.</param>
public sealed record GateRequest(
    Principal Principal,
    PlanAction Action,
    RunId? RunId = null,
    int StepsStarted = 0,
    RunLimits? Limits = null,
    bool Approved = false,
    string? Key = null);
