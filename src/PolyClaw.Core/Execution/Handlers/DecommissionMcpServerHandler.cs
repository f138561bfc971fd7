using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Removes a child MCP server.</summary>
internal sealed class DecommissionMcpServerHandler(IChildServers servers) : IActionHandler
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public string ActionName => ActionNames.DecommissionMcpServer;

    public string Summary => "Removes a child MCP server and everything it holds. Cannot be undone.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Idempotent;

    public TimeSpan TimeLimit(PlanAction action) => Limit;

    public PlanAction? Undo(PlanAction action, string key) => null;

    public async Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var name = ((PlanAction.DecommissionMcpServer)permit.Action).Name;
        return await servers.RemoveAsync(permit, cancellationToken) switch
        {
            ServerOutcome.Done => new StepOutcome.Succeeded($"{name} is removed"),
            ServerOutcome.Failed failed => new StepOutcome.Failed(failed.Error, failed.Transient),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
