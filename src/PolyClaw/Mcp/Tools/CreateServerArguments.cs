using PolyClaw.Core.Servers;

namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>create_server</c>.</summary>
internal sealed record CreateServerArguments(
    string Name,
    ServerSource Source,
    ServerResources? Resources = null,
    string? Network = null,
    IReadOnlyDictionary<string, string>? Env = null,
    IReadOnlyDictionary<string, string>? Secrets = null,
    int? IdleMinutes = null,
    string? Location = null,
    int? WaitSeconds = null)
{
    public ServerSpec ToSpec() => new(Name, Source, Resources, Network, Env, Secrets, IdleMinutes, Location);
}
