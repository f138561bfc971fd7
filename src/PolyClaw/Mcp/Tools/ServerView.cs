using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Mcp.Tools;

/// <summary>A child server as clients see it. Field names are a contract.</summary>
internal sealed record ServerView(
    string Name,
    string Kind,
    ServerState State,
    IReadOnlyList<string> Tools,
    Isolation Isolation,
    ResourcesView Resources,
    string? Location = null,
    double? StartedMs = null,
    string? RunId = null,
    IReadOnlyList<string>? Warnings = null,
    Fault? Error = null)
{
    public static ServerView Of(ServerInfo server) => new(
        server.Name, server.Kind, server.State, [.. server.Tools.Select(t => t.Name)], server.Isolation,
        new ResourcesView(CpuQuantity.Format(server.Amounts.NanoCpus), MemoryQuantity.Format(server.Amounts.MemoryBytes)),
        server.Location ?? "local", Math.Round(server.StartedMs, 1), Warnings: server.Warnings.Count > 0 ? server.Warnings : null, Error: server.Error);

    /// <summary>A server by name; one that is not there yet is being made.</summary>
    public static ServerView Of(string tenant, string name, IChildServers servers) =>
        servers.Find(tenant, name) is { } server
            ? Of(server)
            : new ServerView(name, "", ServerState.Creating, [], servers.Runtime.Isolation, new ResourcesView("0", "0"));
}
