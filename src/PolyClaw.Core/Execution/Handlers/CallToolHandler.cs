using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Calls a tool of a child server; files it attaches become files of the run.</summary>
internal sealed class CallToolHandler(IChildServers servers, BlobStore blobs, ToolCallLimit? limit = null) : IActionHandler
{
    private readonly TimeSpan _limit = (limit ?? ToolCallLimit.Default).Longest;

    public string ActionName => ActionNames.CallTool;

    public string Summary => "Calls a tool of a child server; arguments must fit the tool's input schema.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action)
    {
        var call = (PlanAction.CallTool)action;
        var tool = servers.Find(tenant, call.Server)?.Tools.FirstOrDefault(t => t.Name == call.Tool);
        return tool is { Repeatable: true } ? CrashMeaning.Idempotent : CrashMeaning.Once;
    }

    public TimeSpan TimeLimit(PlanAction action) => _limit;

    public PlanAction? Undo(PlanAction action, string key) => null;

    public async Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var call = (PlanAction.CallTool)permit.Action;
        var once = WhenCutOff(permit.Tenant, call) == CrashMeaning.Once;
        switch (await servers.CallAsync(permit, context.Progress, cancellationToken))
        {
            case ToolOutcome.Answered answered:
                return ToolResults.Outcome(call, answered, blobs);
            case ToolOutcome.NotCalled refused:
                return new StepOutcome.Failed(refused.Error, refused.Transient);
            case ToolOutcome.Lost lost when once:
                return new StepOutcome.InDoubt($"{lost.Error}; {call.Server}.{call.Tool} is not known to be repeatable");
            case ToolOutcome.Lost lost:
                return new StepOutcome.Failed(lost.Error, Transient: true);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
