using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Workloads;

/// <summary>Replicas of services in all the places there are: each is started where its spec says and found wherever it is.</summary>
internal sealed class WorkloadSet : IWorkloads, IAsyncDisposable
{
    private readonly IReadOnlyList<WorkloadPlace> _places;

    /// <param name="places">The local one, and those of the settings.</param>
    public WorkloadSet(IReadOnlyList<WorkloadPlace> places)
    {
        _places = places;
        foreach (var place in places)
            place.Changed += news => Changed?.Invoke(news);
    }

    /// <inheritdoc/>
    public event Action<ReplicaInfo>? Changed;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.WhenAll(_places.Select(place => place.TryOpenAsync(cancellationToken)));

    /// <inheritdoc/>
    public IReadOnlyList<ReplicaInfo> List() => [.. _places.SelectMany(place => place.List())];

    /// <inheritdoc/>
    public async Task<WorkloadFault?> StartAsync(ReplicaId id, ReplicaSpec spec, CancellationToken cancellationToken)
    {
        if (_places.FirstOrDefault(place => place.Location == spec.Location) is not { } chosen)
            return new WorkloadFault(EnginePlaces.Unknown(spec.Location!, _places.Select(place => place.Location).OfType<string>()), Transient: false);
        try
        {
            return await (await chosen.OpenAsync(cancellationToken)).StartAsync(id, spec, cancellationToken);
        }
        catch (RuntimeFaultException refused)
        {
            return new WorkloadFault(refused.Fault, refused.Transient);
        }
    }

    /// <inheritdoc/>
    public async Task<WorkloadFault?> RemoveAsync(ReplicaId id, TimeSpan grace, CancellationToken cancellationToken)
    {
        WorkloadFault? left = null;
        foreach (var place in Asked(id))
        {
            try
            {
                var fault = await (await place.OpenAsync(cancellationToken)).RemoveAsync(id, grace, cancellationToken);
                left ??= fault;
            }
            catch (RuntimeFaultException refused) when (refused.Transient)
            {
                // It may lie in the engine that does not answer.
                left ??= new WorkloadFault(refused.Fault, Transient: true);
            }
            catch (RuntimeFaultException)
            {
                // A place that is closed for good holds nothing.
            }
        }

        return left;
    }

    /// <inheritdoc/>
    public bool IsKnown(string? location) => _places.FirstOrDefault(place => place.Location == location) is not { } chosen || chosen.IsKnown;

    /// <inheritdoc/>
    public double? CpuPercentOf(ReplicaId id) => _places.Select(place => place.CpuPercentOf(id)).FirstOrDefault(percent => percent is not null);

    /// <inheritdoc/>
    public async Task<WorkloadFault?> RemoveVolumeAsync(string tenant, string service, string? location, CancellationToken cancellationToken)
    {
        if (_places.FirstOrDefault(place => place.Location == location) is not { } chosen)
            return null;
        try
        {
            return await (await chosen.OpenAsync(cancellationToken)).RemoveVolumeAsync(tenant, service, cancellationToken);
        }
        catch (RuntimeFaultException refused)
        {
            // A place that is closed for good holds nothing.
            return refused.Transient ? new WorkloadFault(refused.Fault, Transient: true) : null;
        }
    }

    /// <inheritdoc/>
    public async Task<string> LogsAsync(ReplicaId id, int lines, CancellationToken cancellationToken)
    {
        RuntimeFaultException? away = null;
        foreach (var place in Asked(id))
        {
            try
            {
                var workloads = await place.OpenAsync(cancellationToken);
                if (await workloads.HasAsync(id, cancellationToken))
                    return await workloads.LogsAsync(id, lines, cancellationToken);
            }
            catch (RuntimeFaultException refused)
            {
                away = refused.Transient ? refused : away;
            }
        }

        return away is null ? "" : throw new IOException($"the log of {id} cannot be read: {away.Fault}", away);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places)
            await place.DisposeAsync();
    }

    // Where it is known to be; else it may be anywhere.
    private IEnumerable<WorkloadPlace> Asked(ReplicaId id) =>
        _places.FirstOrDefault(place => place.List().Any(replica => replica.Id == id)) is { } known ? [known] : _places;
}
