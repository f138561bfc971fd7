using System.Collections.Concurrent;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tools;
using PolyClaw.Mcp.Tools;

namespace PolyClaw.Mcp;

/// <summary>An index over the tools of all children of a tenant, made anew when one of them changes.</summary>
internal sealed class ToolCatalogue
{
    private readonly IChildServers _servers;
    private readonly ConcurrentDictionary<string, ToolIndex> _byTenant = new(StringComparer.Ordinal);

    public ToolCatalogue(IChildServers servers)
    {
        _servers = servers;
        servers.Changed += server => _byTenant.TryRemove(server.Tenant, out _);
    }

    public ToolPage Search(string tenant, string query, int most)
    {
        var index = _byTenant.GetOrAdd(tenant, Build);
        return new ToolPage(
            [.. index.Search(query, most).Select(f => new FoundTool(
                f.Server, f.Tool.Name, $"{f.Server}__{f.Tool.Name}", f.Tool.Description, f.Tool.InputSchema, f.Tool.OutputSchema,
                f.Tool.ReadOnly, f.Tool.Idempotent, f.Tool.Destructive))],
            index.Count);
    }

    private ToolIndex Build(string tenant) => ToolIndex.Build([.. _servers.List(tenant)
        .Where(s => s.State is ServerState.Ready or ServerState.Idle or ServerState.Unhealthy)
        .Select(s => new Core.Tools.ServerTools(s.Name, s.Tools))]);
}
