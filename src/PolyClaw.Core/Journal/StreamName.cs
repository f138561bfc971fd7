using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Journal;

/// <summary>Names one hash-chained sequence of events: a run, or what a tenant's servers and direct calls went through.</summary>
/// <param name="Value">The name as stored.</param>
/// <param name="Tenant">Whose it is.</param>
public sealed record StreamName(string Value, string Tenant)
{
    /// <summary>The stream of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tenant">Whose it is.</param>
    public static StreamName Run(RunId run, string tenant) => new(run.Value, tenant);

    /// <summary>What the tenant's child servers went through.</summary>
    /// <param name="tenant">Whose.</param>
    public static StreamName Servers(string tenant) => new("servers/" + tenant, tenant);

    /// <summary>What one service went through.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">The service's name.</param>
    public static StreamName Service(string tenant, string name) => new($"services/{tenant}/{name}", tenant);

    /// <summary>The tenant's direct tool calls.</summary>
    /// <param name="tenant">Whose.</param>
    public static StreamName Calls(string tenant) => new("calls/" + tenant, tenant);
}
