using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>find_tools</c>: the client's context stays flat, whatever the number of children.</summary>
internal sealed class FindToolsTool(ToolCatalogue catalogue) : SurfaceTool<FindToolsArguments, ToolPage>(
    "find_tools",
    "Find tools",
    "Ranks the tools of all child servers against a query and returns the best, with the schemas that call_tool needs.",
    """
    {"type":"object","additionalProperties":false,"required":["query"],
     "properties":{
      "query":{"type":"string","minLength":1,"maxLength":1000},
      "limit":{"type":"integer","minimum":1,"maximum":50,"default":8}}}
    """,
    SurfaceJson.Default.FindToolsArguments,
    SurfaceJson.Default.ToolPage,
    new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false })
{
    protected override Task<(ToolPage? Result, Fault? Fault)> CallAsync(FindToolsArguments arguments, SurfaceCall call, CancellationToken cancellationToken) =>
        Task.FromResult<(ToolPage?, Fault?)>((catalogue.Search(call.Principal.Tenant, arguments.Query, arguments.Limit ?? 8), null));
}
