namespace PolyClaw.Core.Policy;

/// <summary>Quota held for one action. Settled once: kept while what it made exists, or released.</summary>
/// <param name="Tenant">Whose quota.</param>
/// <param name="Owner">What holds it, for example <c>server/sales</c>; empty for an action that holds nothing.</param>
/// <param name="Amounts">How much.</param>
/// <param name="Ticket">Tells this hold from a later one of the same owner, so that settling it late cannot free the other.</param>
public sealed record Reservation(string Tenant, string Owner, ResourceAmounts Amounts, long Ticket = 0)
{
    /// <summary>Whether it holds nothing, as for a tool call; settling it does nothing.</summary>
    public bool IsEmpty => Owner.Length == 0;

    /// <summary>The owner of a child server's quota, <c>server/NAME</c>.</summary>
    /// <param name="name">The server's name.</param>
    public static string ServerOwner(string name) => "server/" + name;

    /// <summary>The owner of the quota of a version's replicas, <c>service/NAME/vN</c>.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="version">The version.</param>
    public static string ServiceOwner(string name, int version) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"service/{name}/v{version}");

    /// <summary>A reservation that holds nothing.</summary>
    /// <param name="tenant">On whose behalf.</param>
    public static Reservation Nothing(string tenant) => new(tenant, "", ResourceAmounts.None);
}
