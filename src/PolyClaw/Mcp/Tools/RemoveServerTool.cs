using ModelContextProtocol.Protocol;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Servers;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>remove_server</c>: a run of one step.</summary>
internal sealed class RemoveServerTool(Runs runs, RunWaiting waiting, IChildServers servers) : SurfaceTool<RemoveServerArguments, ServerView>(
    "remove_server",
    "Remove a child server",
    "Stops a child server and removes everything it holds. Cannot be undone.",
    """{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63}}}""",
    SurfaceJson.Default.RemoveServerArguments,
    SurfaceJson.Default.ServerView,
    new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false })
{
    protected override async Task<(ServerView? Result, Fault? Fault)> CallAsync(RemoveServerArguments arguments, SurfaceCall call, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromSeconds(RunWaiting.DefaultSeconds);
        var before = ServerView.Of(call.Principal.Tenant, arguments.Name, servers);
        if (call.IsAgain)
            return Answer(before, await waiting.AgainAsync(call, wait, cancellationToken));
        if (servers.Find(call.Principal.Tenant, arguments.Name) is null)
            return (null, new Fault("unknown_server", $"there is no server called {arguments.Name}", "/name", "list_servers names those there are"));
        var order = new RunOrder(
            $"decommission mcp-server {arguments.Name}", call.Principal, PlanOnly: false, new RunLimits(), [],
            DirectPlan.Of(new PlanAction.DecommissionMcpServer(arguments.Name)));
        var (run, fault) = await runs.StartAsync(order);
        return fault is null ? Answer(before, await waiting.ForAsync(run, wait, call, cancellationToken)) : (null, fault);
    }

    private static (ServerView?, Fault?) Answer(ServerView before, (RunView? Run, Fault? Fault) waited) => waited.Run switch
    {
        null => (null, waited.Fault),
        { Status: RunStatus.Succeeded } run => (before with { State = ServerState.Removed, Tools = [], RunId = run.RunId }, null),
        { } run when run.Status.IsTerminal() => (null, ServerRuns.WhyNot(run)),
        { } run => (before with { RunId = run.RunId, Error = ServerRuns.Awaited(run) }, null),
    };
}
