namespace PolyClaw.Core.Planning;

/// <summary>Turns a goal into a plan. Two exist: the command planner, which needs no model, and the model planner.</summary>
public interface IPlanner
{
    /// <summary>What a view calls it: <c>commands</c>, or <c>model:NAME</c>.</summary>
    string Name { get; }

    /// <summary>Makes a plan, or says everything that is wrong.</summary>
    /// <param name="request">The goal and what is known.</param>
    /// <param name="cancellationToken">Ends the planning.</param>
    Task<PlannerAnswer> PlanAsync(PlanningRequest request, CancellationToken cancellationToken);
}
