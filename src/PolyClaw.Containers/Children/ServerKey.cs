namespace PolyClaw.Containers.Children;

/// <summary>A server's name is its tenant's own: the two together name it.</summary>
internal readonly record struct ServerKey(string Tenant, string Name);
