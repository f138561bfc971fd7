using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>list_servers</c>.</summary>
internal sealed class ListServersTool(IChildServers servers) : SurfaceTool<ListServersArguments, ServerPage>(
    "list_servers",
    "List child servers",
    "Returns the child servers, what state they are in and how they are isolated.",
    """{"type":"object","additionalProperties":false,"properties":{"state":{"enum":["creating","testing","quarantined","ready","idle","unhealthy"]}}}""",
    SurfaceJson.Default.ListServersArguments,
    SurfaceJson.Default.ServerPage,
    new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false })
{
    protected override Task<(ServerPage? Result, Fault? Fault)> CallAsync(ListServersArguments arguments, SurfaceCall call, CancellationToken cancellationToken) =>
        Task.FromResult<(ServerPage?, Fault?)>((new ServerPage([.. servers.List(call.Principal.Tenant)
            .Where(s => arguments.State is null || s.State == arguments.State)
            .Select(s => ServerView.Of(s))]), null));
}
