using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>list_services</c>.</summary>
internal sealed class ListServicesTool(ServiceControl services) : SurfaceTool<ListServicesArguments, ServicePage>(
    "list_services",
    "List services",
    "Returns the services, their versions with replicas, share of the traffic, errors and latency, and where they answer.",
    """{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string","minLength":1,"maxLength":63,"description":"one service alone"}}}""",
    SurfaceJson.Default.ListServicesArguments,
    SurfaceJson.Default.ServicePage,
    new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false })
{
    protected override Task<(ServicePage? Result, Fault? Fault)> CallAsync(ListServicesArguments arguments, SurfaceCall call, CancellationToken cancellationToken) =>
        Task.FromResult<(ServicePage?, Fault?)>((
            new ServicePage([.. services.List(call.Principal.Tenant).Where(s => arguments.Name is null || s.Name == arguments.Name)]), null));
}
