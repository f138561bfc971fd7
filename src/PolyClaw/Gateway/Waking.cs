using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>Lets requests wait for a service that sleeps.</summary>
/// <param name="routes">The routes in force.</param>
/// <param name="within">How long a request waits.</param>
/// <param name="clock">Time.</param>
internal sealed class Waking(RouteTable routes, TimeSpan within, TimeProvider clock)
{
    private const int MostWaiting = 1000;
    private int _waiting;

    /// <summary>Told (tenant, service) when a request waits.</summary>
    public event Action<string, string>? Wanted;

    /// <summary>Waits until a version can answer.</summary>
    /// <returns>The version; nothing when the service does not sleep, too many wait, or none came in time.</returns>
    public async Task<VersionRoute?> WakeAsync(ServiceRoutes found, string service, string? session, CancellationToken cancellationToken)
    {
        if (!found.MayWake)
            return null;
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
                return null;
            using var deadline = new CancellationTokenSource(within, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            Wanted?.Invoke(found.Tenant, found.Service);
            while (!both.IsCancellationRequested)
            {
                var changed = routes.Changed;
                if (routes.Find(service) is not { } now)
                    return null;
                if (VersionChoice.Of(now, session) is { } version)
                    return version;
                await changed.WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
