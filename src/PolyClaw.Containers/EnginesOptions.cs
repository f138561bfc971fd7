namespace PolyClaw.Containers;

/// <summary>The engines beside the local one: the settings under <c>Engines</c>.</summary>
public sealed class EnginesOptions
{
    /// <summary>By name, which is the location. Default none.</summary>
    public IDictionary<string, EngineOptions> ByName { get; } = new SortedDictionary<string, EngineOptions>(StringComparer.Ordinal);
}
