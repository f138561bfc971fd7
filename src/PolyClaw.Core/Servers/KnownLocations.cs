namespace PolyClaw.Core.Servers;

/// <summary>The places beside this machine where servers and services may be put: the engines of the settings.</summary>
/// <param name="Names">Their names, in order.</param>
public sealed record KnownLocations(IReadOnlyCollection<string> Names)
{
    /// <summary>This machine alone.</summary>
    public static KnownLocations None { get; } = new([]);
}
