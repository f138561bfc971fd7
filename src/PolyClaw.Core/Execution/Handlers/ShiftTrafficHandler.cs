using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Gives the traffic to a version that ran before.</summary>
internal sealed class ShiftTrafficHandler(ServiceControl services) : IActionHandler
{
    public string ActionName => ActionNames.ShiftTraffic;

    public string Summary => "Gives a version of a service that ran before the traffic: all at once, or from a first share on while it does well.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Adoptable;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromHours(24);

    public PlanAction? Undo(PlanAction action, string key) => new PlanAction.UndoService(((PlanAction.ShiftTraffic)action).Name, key);

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken) =>
        services.ShiftAsync(permit, context, cancellationToken);
}
