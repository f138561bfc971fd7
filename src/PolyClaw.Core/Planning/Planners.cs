using PolyClaw.Core.Planning.Commands;

namespace PolyClaw.Core.Planning;

/// <summary>The planners of this instance: commands always, a model when one is configured.</summary>
/// <param name="commands">Always there.</param>
/// <param name="model">There when a model is configured.</param>
public sealed class Planners(CommandPlanner commands, IPlanner? model) : IPlanners
{
    private readonly PlannerChoice _choice = new(commands, model);

    /// <summary>The planner that plain words go to, for views.</summary>
    public string? Model => model?.Name;

    /// <inheritdoc/>
    public async Task<(string Planner, PlannerAnswer Answer)> PlanAsync(PlanningRequest request, CancellationToken cancellationToken) =>
        (_choice.For(request.Goal)?.Name ?? "none", await _choice.PlanAsync(request, cancellationToken));

    /// <inheritdoc/>
    public bool CanReplan(string? planner) => model is not null && planner == model.Name;
}
