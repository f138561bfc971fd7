using System.Collections.Concurrent;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>A planner that answers by the request alone, so that it says the same after a restart.</summary>
internal sealed class ScriptedPlanners(Func<PlanningRequest, CancellationToken, Task<PlannerAnswer>> answer, bool canReplan = true) : IPlanners
{
    public const string Name = "model:test";

    public ScriptedPlanners(Func<PlanningRequest, PlannerAnswer> answer, bool canReplan = true)
        : this((r, _) => Task.FromResult(answer(r)), canReplan)
    {
    }

    public ConcurrentQueue<PlanningRequest> Requests { get; } = new();

    public async Task<(string Planner, PlannerAnswer Answer)> PlanAsync(PlanningRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        return (Name, await answer(request, cancellationToken));
    }

    public bool CanReplan(string? planner) => canReplan && planner == Name;
}
