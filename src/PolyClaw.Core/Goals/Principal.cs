namespace PolyClaw.Core.Goals;

/// <summary>Who asks: the tenant that pays and may see, and whether a person is speaking.</summary>
/// <param name="Tenant">The tenant, matching <c>^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$</c>.</param>
/// <param name="Name">Whom the audit names: a client's name, a user, a key's label.</param>
/// <param name="Kind">A person (CLI, dashboard) may approve; an agent (a calling model) may not, unless a setting says so.</param>
public sealed record Principal(string Tenant, string Name, PrincipalKind Kind)
{
    /// <summary>The one tenant of a personal instance.</summary>
    public const string LocalTenant = "local";
}

/// <summary>What speaks for a principal.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(SnakeCaseEnumConverter<PrincipalKind>))]
public enum PrincipalKind
{
    /// <summary>A calling model or program.</summary>
    Agent,

    /// <summary>A person at a terminal or dashboard.</summary>
    Person,
}
