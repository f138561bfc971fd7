using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace PolyClaw.Containers.Children.Wire;

/// <summary>Hands a transport that stands already to the SDK, which wants to open one itself.</summary>
internal sealed class ConnectedTransport(string name, ITransport transport) : IClientTransport
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => Task.FromResult(transport);
}
