using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PolyClaw.Mcp.Wire;

/// <summary>What stands between the protocol library and every tool, on stdio and HTTP alike.</summary>
internal static class CallGuards
{
    /// <summary>
    /// Adds the edge of tool calls; arguments are judged by an <see cref="IToolArgumentsCheck"/> registered before, else by each tool's input
    /// schema. Call it once, before other call filters: the first added stands outermost.
    /// </summary>
    public static IMcpServerBuilder WithCallGuards(this IMcpServerBuilder builder)
    {
        builder.Services.TryAddSingleton<IToolArgumentsCheck, SchemaArgumentsCheck>();
        builder.Services.TryAddSingleton(services => new ToolCallGuard(
            services.GetRequiredService<ILogger<ToolCallGuard>>(),
            services.GetService<IHttpContextAccessor>(),
            new ToolArgumentsGuard(services.GetRequiredService<IToolArgumentsCheck>())));
        return builder
            .WithMessageFilters(filters => filters
                .AddIncomingFilter(next => (context, cancellationToken) =>
                {
                    ToolArgumentsGuard.SetAside(context);
                    return next(context, cancellationToken);
                })
                .AddOutgoingFilter(next => (context, cancellationToken) =>
                {
                    VerbatimResult.Unfold(context);
                    return next(context, cancellationToken);
                }))
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => (request, cancellationToken) =>
                request.Services!.GetRequiredService<ToolCallGuard>().CallAsync(next, request, cancellationToken)));
    }
}
