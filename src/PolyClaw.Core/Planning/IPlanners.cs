namespace PolyClaw.Core.Planning;

/// <summary>Chooses the planner for a goal.</summary>
public interface IPlanners
{
    /// <summary>Plans with the planner that fits: commands when the goal is commands, else the model, else a fault that says what to configure.</summary>
    /// <param name="request">The goal and what is known.</param>
    /// <param name="cancellationToken">Ends the planning.</param>
    /// <returns>Who planned, and what came of it.</returns>
    Task<(string Planner, PlannerAnswer Answer)> PlanAsync(PlanningRequest request, CancellationToken cancellationToken);

    /// <summary>Whether that planner can make another plan after trouble: a model can, commands cannot.</summary>
    /// <param name="planner">A planner's name.</param>
    bool CanReplan(string? planner);
}
