using PolyClaw.Containers.Engines;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Runtimes;

/// <summary>A place where containers may run: an engine that is or is not there, and how it is found.</summary>
/// <param name="Location">Its name in the settings; nothing for the local one.</param>
/// <param name="Resolve">Where its engine is, or why there can be none.</param>
internal sealed record EnginePlace(string? Location, Func<(DockerEndpoint? Endpoint, Fault? Fault)> Resolve)
{
    private static readonly Fault NoInstance = new("no_instance", "this instance has no id to mark its containers with", "Runtime:Instance", "a home, or an id");

    /// <summary>The local engine.</summary>
    /// <param name="instance">Id of this instance's home; without one nothing could be told from what others made.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static EnginePlace Local(string? instance, Func<string, string?> variable) => new(null, () => string.IsNullOrEmpty(instance)
        ? (null, NoInstance)
        : DockerEndpoint.Resolve(variable));

    /// <summary>An engine of the settings, which were checked at the start.</summary>
    /// <param name="location">Its name.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="instance">Id of this instance's home; without one nothing could be told from what others made.</param>
    public static EnginePlace At(string location, EngineOptions options, string? instance)
    {
        var settings = EngineSettings.Read(location, options);
        return new(location, () => string.IsNullOrEmpty(instance) ? (null, NoInstance)
            : settings.Endpoint is null ? (null, settings.Faults[0]) : (settings.Endpoint, null));
    }

    /// <summary>A place that is closed whatever there is.</summary>
    /// <param name="fault">Why.</param>
    public static EnginePlace Closed(Fault fault) => new(null, () => (null, fault));
}
