using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services;

/// <summary>
/// Replicas of services, seen from Core: the wall behind which an engine lies. It starts and removes what it is told and says how it stands;
/// what ought to be is decided elsewhere.
/// </summary>
public interface IWorkloads
{
    /// <summary>
    /// Looks for the engines that there may be and for what stays in them from earlier lives; what is found is listed when this returns. An engine
    /// that is away is no fault here: it is looked for again at a need, and <see cref="StartAsync"/> says why there is none. What starts
    /// or removes a replica opens by itself.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Starts a replica, or takes up the one that bears this id already. Does not wait until it is healthy.</summary>
    /// <param name="id">Which.</param>
    /// <param name="spec">What it runs.</param>
    /// <param name="cancellationToken">Gives up; what was begun is found again by its id.</param>
    /// <returns>Why it could not be started; nothing when it runs.</returns>
    Task<WorkloadFault?> StartAsync(ReplicaId id, ReplicaSpec spec, CancellationToken cancellationToken);

    /// <summary>Ends a replica: it is asked to end, and killed and removed after <paramref name="grace"/>. One that is gone already is no fault.</summary>
    /// <param name="id">Which.</param>
    /// <param name="grace">How long it may finish its work.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Why it could not be removed; nothing when it is gone.</returns>
    Task<WorkloadFault?> RemoveAsync(ReplicaId id, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Removes a service's volume with its data. None there is no fault.</summary>
    /// <param name="tenant">Whose service.</param>
    /// <param name="service">Its name.</param>
    /// <param name="location">The engine it lies on; nothing for the local one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it could not be removed; nothing when it is gone.</returns>
    Task<WorkloadFault?> RemoveVolumeAsync(string tenant, string service, string? location, CancellationToken cancellationToken);

    /// <summary>The last lines that a replica wrote, as they came, at most 256 KiB; nothing when there is no such replica.</summary>
    /// <param name="id">Which.</param>
    /// <param name="lines">How many. 1–10,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The engine does not answer; the message says why and what to do.</exception>
    Task<string> LogsAsync(ReplicaId id, int lines, CancellationToken cancellationToken);

    /// <summary>Whether it is known what runs at a place: an engine that has not answered yet may run anything. Default true.</summary>
    /// <param name="location">The engine; nothing for the local one.</param>
    bool IsKnown(string? location) => true;

    /// <summary>Processor time that a replica uses, in percent of its limit; nothing when it is not known.</summary>
    /// <param name="id">Which.</param>
    double? CpuPercentOf(ReplicaId id) => null;

    /// <summary>All replicas there are, as they were last seen: within two seconds of now while the engine answers.</summary>
    IReadOnlyList<ReplicaInfo> List();

    /// <summary>Told when a replica comes, goes or changes its state. Called on the changer's thread: return quickly.</summary>
    event Action<ReplicaInfo>? Changed;
}

/// <summary>Why a workload could not be started or removed.</summary>
/// <param name="Error">What was wrong and what to do.</param>
/// <param name="Transient">Whether trying again may help.</param>
public sealed record WorkloadFault(Fault Error, bool Transient);
