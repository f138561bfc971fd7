using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Planning;

/// <summary>The plan of a request that is one action: it needs no planner, and takes the same way as any other plan.</summary>
public static class DirectPlan
{
    /// <summary>One step, and DONE after it.</summary>
    /// <param name="action">What the step does.</param>
    public static Plan Of(PlanAction action)
    {
        var step = new PlanStep(action.ActionName.Split('_')[0], action, []);
        return new Plan([step, new PlanStep("done", new PlanAction.Done(), [step.Id])], continues: false);
    }
}
