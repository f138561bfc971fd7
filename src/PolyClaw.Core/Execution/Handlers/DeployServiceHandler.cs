using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Brings up a version of a service.</summary>
internal sealed class DeployServiceHandler(ServiceControl services) : IActionHandler
{
    public string ActionName => ActionNames.DeployService;

    public string Summary => "Brings up a service or its next version: replicas of an image behind the gateway. Ends when it serves, or when it was given up and removed.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Adoptable;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromHours(24);

    public PlanAction? Undo(PlanAction action, string key) => new PlanAction.UndoService(((PlanAction.DeployService)action).Spec.Name, key);

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken) =>
        services.DeployAsync(permit, context, cancellationToken);
}
