namespace PolyClaw.Containers.Workloads;

/// <summary>A container as the engine's list shows it.</summary>
internal static class ListedContainer
{
    /// <summary>
    /// All that the list tells of it, as one text that stays the same for as long as the container does. Nothing for one that the list counts in
    /// seconds: it may have been started again since the look before and show the same. An older one that is started again is counted in seconds.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="state">Such as <c>running</c>.</param>
    /// <param name="status">The same for people, with its age: <c>Up 2 minutes</c>.</param>
    /// <param name="ports">Where its ports are published.</param>
    public static string? Of(string id, string? state, string? status, IEnumerable<string> ports) =>
        string.IsNullOrEmpty(status) || status.Contains("second", StringComparison.Ordinal)
            ? null
            : $"{id} {state} {status} {string.Join(' ', ports.Order(StringComparer.Ordinal))}";
}
