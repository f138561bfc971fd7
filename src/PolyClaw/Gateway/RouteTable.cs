using System.Collections.Frozen;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>All routes that are in force: one immutable snapshot, replaced whole, so that no request sees half of a change.</summary>
internal sealed class RouteTable
{
    private FrozenDictionary<string, ServiceRoutes> _byService = FrozenDictionary<string, ServiceRoutes>.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Puts routes into force; requests that are under way end where they are.</summary>
    /// <param name="routes">All of them: a service that is not among them has none from now on.</param>
    /// <exception cref="ArgumentException">Two are for one service, or a share is no share.</exception>
    public void Publish(IEnumerable<ServiceRoutes> routes)
    {
        var next = routes.ToFrozenDictionary(service => KeyOf(service.Tenant, service.Service), StringComparer.Ordinal);
        foreach (var service in next.Values)
        {
            if (service.Versions.Any(version => version.Weight is < 0 or > 100))
                throw new ArgumentException($"a share of {service.Service} is no percentage", nameof(routes));
            if (service.Versions.Select(version => version.Version).Distinct().Count() != service.Versions.Count)
                throw new ArgumentException($"a version of {service.Service} stands twice", nameof(routes));
        }

        Volatile.Write(ref _byService, next);
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Completes when other routes come into force.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>The routes of every service.</summary>
    public IReadOnlyList<ServiceRoutes> All => Volatile.Read(ref _byService).Values;

    /// <summary>What a service is called in a path or a host: its name, behind a dot its tenant where that is not the machine's own.</summary>
    public static string KeyOf(string tenant, string service) => tenant == Principal.LocalTenant ? service : $"{service}.{tenant}";

    /// <summary>The routes of a service, or nothing.</summary>
    /// <param name="service">As <see cref="KeyOf"/> writes it.</param>
    public ServiceRoutes? Find(string service) => Volatile.Read(ref _byService).GetValueOrDefault(service);

    /// <summary>Whether a replica is in the routes of a service now.</summary>
    /// <param name="service">As <see cref="KeyOf"/> writes it.</param>
    /// <param name="replica">Which.</param>
    public bool Has(string service, ReplicaRoute replica)
    {
        if (Find(service) is not { } found)
            return false;
        foreach (var version in found.Versions)
        {
            if (version.Version != replica.Id.Version)
                continue;
            foreach (var present in version.Replicas)
            {
                if (ReferenceEquals(present, replica) || present == replica)
                    return true;
            }
        }

        return false;
    }
}
