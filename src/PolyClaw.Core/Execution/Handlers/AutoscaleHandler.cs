using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Changes how many replicas a service has.</summary>
internal sealed class AutoscaleHandler(ServiceControl services) : IActionHandler
{
    public string ActionName => ActionNames.Autoscale;

    public string Summary => "Says how many replicas a service has at once (to), or between which numbers and by what it follows its load.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Adoptable;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromMinutes(15);

    public PlanAction? Undo(PlanAction action, string key) => new PlanAction.UndoService(((PlanAction.Autoscale)action).Name, key);

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken) =>
        services.ScaleAsync(permit, context, cancellationToken);
}
