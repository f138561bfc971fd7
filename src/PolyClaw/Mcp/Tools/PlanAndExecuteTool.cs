using ModelContextProtocol.Protocol;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>plan_and_execute</c>: a goal goes in, work comes out.</summary>
internal sealed class PlanAndExecuteTool(Runs runs, RunWaiting waiting, GoalFiles files) : SurfaceTool<PlanAndExecuteArguments, RunView>(
    "plan_and_execute",
    "Plan and execute a goal",
    "Hands over a whole goal, in plain words or as PolyClaw commands. It is planned, checked against policy, carried out over MCP servers "
    + "(missing ones are created), undone where it fails, and survives a crash. Returns the run; when it is still under way after "
    + "wait_seconds, 'next' says how to go on. mode=plan returns the plan alone; approved_plan with run_id runs exactly that plan.",
    """
    {"type":"object","additionalProperties":false,
     "properties":{
      "goal":{"type":"string","minLength":1,"maxLength":100000,"description":"What is wanted. May be left out when run_id names a planned run."},
      "mode":{"enum":["run","plan"],"default":"run","description":"plan: only make the plan and return it for approval."},
      "approved_plan":{"type":"string","minLength":64,"maxLength":64,"description":"plan_digest of the planned run named by run_id."},
      "run_id":{"type":"string","minLength":26,"maxLength":26,"description":"A planned run to execute."},
      "wait_seconds":{"type":"integer","minimum":0,"maximum":240,"default":45},
      "limits":{"type":"object","additionalProperties":false,"properties":{
        "steps":{"type":"integer","minimum":1,"maximum":10000},
        "minutes":{"type":"integer","minimum":1,"maximum":10080},
        "model_tokens":{"type":"integer","minimum":1000,"maximum":100000000}}},
      "files":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":4096},"description":"Files the goal speaks of, under the roots that the operator opened."}}}
    """,
    SurfaceJson.Default.PlanAndExecuteArguments,
    SurfaceJson.Default.RunView,
    new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = false, OpenWorldHint = true })
{
    protected override async Task<(RunView? Result, Fault? Fault)> CallAsync(
        PlanAndExecuteArguments arguments, SurfaceCall call, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromSeconds(arguments.WaitSeconds ?? RunWaiting.DefaultSeconds);
        if (call.IsAgain)
            return await waiting.AgainAsync(call, wait, cancellationToken);
        if (arguments.RunId is { } planned)
            return await ExecutePlannedAsync(planned, arguments.ApprovedPlan, wait, call, cancellationToken);
        if (arguments.ApprovedPlan is not null)
            return (null, new Fault("run_id_missing", "approved_plan needs the run it belongs to", "/run_id", "give run_id of the planned run"));
        if (arguments.Goal is not { } goal)
            return (null, new Fault("goal_missing", "there is no goal", "/goal", "say what is wanted, or name a planned run by run_id"));

        var (attached, wrong) = files.Attach(arguments.Files ?? [], call.Principal);
        if (wrong is not null)
            return (null, wrong);
        var order = new RunOrder(goal, call.Principal, arguments.Mode == "plan", arguments.Limits ?? new RunLimits(), attached);
        var (run, fault) = await runs.StartAsync(order);
        return fault is null ? await waiting.ForAsync(run, wait, call, cancellationToken) : (null, fault);
    }

    private async Task<(RunView?, Fault?)> ExecutePlannedAsync(
        string runText, string? digest, TimeSpan wait, SurfaceCall call, CancellationToken cancellationToken)
    {
        if (!RunId.TryParse(runText, out var run))
            return (null, RunWaiting.Malformed(runText));
        if (runs.Find(call.Principal.Tenant, run) is not { } view)
            return (null, RunWaiting.Unknown(runText));
        if (digest is null)
            return (null, new Fault("approved_plan_missing", "to execute a planned run, its plan must be named", "/approved_plan", $"the plan is {view.PlanDigest}"));
        return await runs.ApprovePlanAsync(call.Principal, run, digest) is { } fault
            ? (null, fault)
            : await waiting.ForAsync(run, wait, call, cancellationToken);
    }
}
