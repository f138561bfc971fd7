using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Workloads;

// A tenant's network is there from the first of its replicas to the last: an engine has room for a few dozen networks only.
internal sealed partial class DockerWorkloads
{
    private readonly ConcurrentDictionary<string, int> _starts = new(StringComparer.Ordinal);

    /// <summary>The network that a replica is started in; it stays until what is returned is disposed, and then for as long as there are replicas.</summary>
    private async Task<IDisposable> HoldNetworkAsync(string network, string tenant, CancellationToken cancellationToken)
    {
        // Older engines make a second network of the same name for one who does not ask.
        using var turn = await _names.EnterAsync(network, cancellationToken);
        await _engine.EnsureNetworkAsync(network, DockerLabels.OfNetwork(_instance, tenant), cancellationToken);
        _starts.AddOrUpdate(network, 1, static (_, count) => count + 1);
        return new Held(this, network);
    }

    /// <summary>Removes a tenant's network once nothing is in it and nobody is about to be.</summary>
    private async Task LeaveNetworkAsync(string tenant, CancellationToken cancellationToken)
    {
        var network = DockerLabels.NetworkOf(_instance, tenant);
        using var turn = await _names.EnterAsync(network, cancellationToken);
        if (_starts.GetValueOrDefault(network) > 0 || _replicas.Keys.Any(id => id.Tenant == tenant))
            return;
        try
        {
            await _engine.RemoveNetworkAsync(network, cancellationToken);
        }
        catch (RuntimeFaultException left)
        {
            // The replica is gone all the same; the network is taken up by the next one, or removed with it.
            LogNetworkLeft(left, network);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Network {Network} is empty and could not be removed")]
    private partial void LogNetworkLeft(Exception cause, string network);

    private sealed class Held(DockerWorkloads workloads, string network) : IDisposable
    {
        public void Dispose() => workloads._starts.AddOrUpdate(network, 0, static (_, count) => count - 1);
    }
}
