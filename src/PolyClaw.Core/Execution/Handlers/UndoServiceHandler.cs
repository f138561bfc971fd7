using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Takes back what one step did to a service.</summary>
internal sealed class UndoServiceHandler(ServiceControl services) : IActionHandler
{
    public string ActionName => ActionNames.UndoService;

    public string Summary => "Takes back what one step did to a service.";

    public bool IsForPlans => false;

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Idempotent;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromMinutes(15);

    public PlanAction? Undo(PlanAction action, string key) => null;

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken) =>
        services.TakeBackAsync(permit, context, cancellationToken);
}
