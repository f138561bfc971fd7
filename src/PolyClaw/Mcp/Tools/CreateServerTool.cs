using ModelContextProtocol.Protocol;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Servers;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>create_server</c>: a run of one step.</summary>
internal sealed class CreateServerTool(Runs runs, RunWaiting waiting, IChildServers servers) : SurfaceTool<CreateServerArguments, ServerView>(
    "create_server",
    "Create a child MCP server",
    "Makes a child MCP server from tool code (kind tools), an image that speaks MCP on stdio (kind image) or an address (kind remote), "
    + "isolated and limited. Its tools are then found by find_tools and called by call_tool.",
    CreateServerSchema.Text,
    SurfaceJson.Default.CreateServerArguments,
    SurfaceJson.Default.ServerView,
    new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false, OpenWorldHint = true })
{
    protected override async Task<(ServerView? Result, Fault? Fault)> CallAsync(CreateServerArguments arguments, SurfaceCall call, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromSeconds(arguments.WaitSeconds ?? RunWaiting.DefaultSeconds);
        if (call.IsAgain)
            return Answer(arguments, call, await waiting.AgainAsync(call, wait, cancellationToken));
        if (servers.Find(call.Principal.Tenant, arguments.Name) is not null)
            return (null, new Fault("name_taken", $"there is a server called {arguments.Name} already", "/name", "choose another name, or remove_server first"));
        var order = new RunOrder(
            $"create server {arguments.Name}", call.Principal, PlanOnly: false, new RunLimits(), [], DirectPlan.Of(new PlanAction.CreateMcpServer(arguments.ToSpec())));
        var (run, fault) = await runs.StartAsync(order);
        return fault is null ? Answer(arguments, call, await waiting.ForAsync(run, wait, call, cancellationToken)) : (null, fault);
    }

    private (ServerView?, Fault?) Answer(CreateServerArguments arguments, SurfaceCall call, (RunView? Run, Fault? Fault) waited)
    {
        if (waited.Run is not { } run)
            return (null, waited.Fault);
        return run.Status.IsTerminal() && run.Status != RunStatus.Succeeded
            ? (null, ServerRuns.WhyNot(run))
            : (ServerView.Of(call.Principal.Tenant, arguments.Name, servers) with { RunId = run.RunId, Error = ServerRuns.Awaited(run) }, null);
    }
}
