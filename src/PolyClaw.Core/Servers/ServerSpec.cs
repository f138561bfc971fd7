namespace PolyClaw.Core.Servers;

/// <summary>What a child server is to be: the arguments of <c>create_server</c>.</summary>
/// <param name="Name">DNS label, <c>^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$</c>, not <c>polyclaw-*</c>.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Resources">What it may use; defaults by hardening tier when left out.</param>
/// <param name="Network"><c>none</c> (the default) or, for <c>remote</c>, nothing.</param>
/// <param name="Env">Plain environment variables; at most 64.</param>
/// <param name="Secrets">Environment variable → secret reference. Values never lie in a spec.</param>
/// <param name="IdleMinutes">Minutes without a call until it is stopped; it wakes on use. 1–1,440, default 10.</param>
/// <param name="Location">Name of an engine in the settings; the local one by default.</param>
public sealed record ServerSpec(
    string Name,
    ServerSource Source,
    ServerResources? Resources = null,
    string? Network = null,
    IReadOnlyDictionary<string, string>? Env = null,
    IReadOnlyDictionary<string, string>? Secrets = null,
    int? IdleMinutes = null,
    string? Location = null);

/// <summary>Resource quantities as people write them; SECURITY rules B34–B36 give the grammar.</summary>
/// <param name="Cpu"><c>500m</c>, <c>0.5</c> or <c>2</c>.</param>
/// <param name="Memory"><c>128Mi</c>, <c>1Gi</c>, <c>512M</c> or bytes.</param>
/// <param name="Storage">As memory.</param>
/// <param name="Pids">Processes and threads; at least 1.</param>
public sealed record ServerResources(string? Cpu = null, string? Memory = null, string? Storage = null, int? Pids = null);
