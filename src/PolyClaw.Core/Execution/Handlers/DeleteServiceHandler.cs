using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Removes a service.</summary>
internal sealed class DeleteServiceHandler(ServiceControl services) : IActionHandler
{
    public string ActionName => ActionNames.DeleteService;

    public string Summary => "Removes a service with all its versions and replicas. Cannot be undone.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Idempotent;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromMinutes(5);

    public PlanAction? Undo(PlanAction action, string key) => null;

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken) =>
        services.DeleteAsync(permit, context, cancellationToken);
}
