using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Runtimes;

/// <summary>The runtimes of every place: this machine's own, and those of each engine of the settings.</summary>
/// <param name="local">This machine's.</param>
/// <param name="places">The others, by location.</param>
internal sealed class PlacedRuntimes(RuntimeSet local, IReadOnlyDictionary<string, RuntimeSet> places) : IAsyncDisposable
{
    /// <summary>What children run with when they name no place, and beside it what is known of the places.</summary>
    public RuntimeInfo Current
    {
        get
        {
            var info = local.Current;
            var known = places.OrderBy(place => place.Key, StringComparer.Ordinal).Where(place => place.Value.Seen is not null).Select(place => (Name: place.Key, Info: place.Value.Seen!)).ToList();
            return known.Count == 0 ? info : info with
            {
                Detail = string.Join("; ", [info.Detail, .. known.Where(place => IsThere(place.Info)).Select(place => $"at {place.Name}: {place.Info.Detail}")]),
                Warnings =
                [
                    .. info.Warnings,
                    .. known.Where(place => !IsThere(place.Info)).Select(place => $"at {place.Name}: {place.Info.Detail}"),
                    .. known.SelectMany(place => place.Info.Warnings.Select(warning => $"at {place.Name}: {warning}")),
                ],
            };
        }
    }

    /// <summary>Looks for the runtimes of this machine; a place is looked at when it is needed.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => local.OpenAsync(cancellationToken);

    /// <summary>The runtimes of a place.</summary>
    /// <param name="location">Its name; nothing for this machine.</param>
    /// <exception cref="RuntimeFaultException">There is no such place.</exception>
    public RuntimeSet At(string? location) =>
        location is null ? local
        : places.TryGetValue(location, out var there) ? there
        : throw new RuntimeFaultException(EnginePlaces.Unknown(location, places.Keys), transient: false);

    /// <summary>Removes what is left of an earlier life, everywhere. What does not answer now is swept when it is back.</summary>
    /// <exception cref="RuntimeFaultException">A runtime that is there did not answer; the others were swept.</exception>
    public async Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(places.Values.Prepend(local).Select(set => set.SweepAsync(cancellationToken)))).SelectMany(names => names)];

    private static bool IsThere(RuntimeInfo place) => place.Name != RuntimeSet.None;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var set in places.Values.Prepend(local))
            await set.DisposeAsync();
    }
}
