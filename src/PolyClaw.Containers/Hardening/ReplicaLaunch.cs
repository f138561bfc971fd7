using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Hardening;

/// <summary>A replica to start: everything that decides about it, nothing read from anywhere else.</summary>
/// <param name="Id">Which; its container is named after it.</param>
/// <param name="Spec">What it runs.</param>
/// <param name="Network">The tenant's network.</param>
/// <param name="PublishedOn">The engine's address on which its port is published.</param>
internal sealed record ReplicaLaunch(ReplicaId Id, ReplicaSpec Spec, string Network, string PublishedOn = "127.0.0.1");
