using Docker.DotNet.Models;

namespace PolyClaw.Containers.Workloads;

/// <summary>A container as the engine's list shows it.</summary>
internal static class ListedContainer
{
    /// <summary>
    /// All that the list tells of it, as one text that stays the same for as long as the container does. Nothing for one that the list counts in
    /// seconds: it may have been started again since the look before and show the same. An older one that is started again is counted in seconds.
    /// </summary>
    /// <param name="container">One of the list.</param>
    public static string? Of(ContainerListResponse container) =>
        container.State is not { Length: > 0 } state || container.Status is not { Length: > 0 } status || status.Contains("second", StringComparison.Ordinal)
            ? null
            : $"{container.ID} {state} {status} {string.Join(' ', (container.Ports ?? []).Select(port => $"{port.IP}:{port.PublicPort}->{port.PrivatePort}/{port.Type}").Order(StringComparer.Ordinal))}";
}
