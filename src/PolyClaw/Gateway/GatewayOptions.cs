using System.Net;

namespace PolyClaw.Gateway;

/// <summary>Where requests to services come in: the settings under <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    /// <summary>Address and port; port 0 takes one that is free. Only this machine's own addresses. Default <c>127.0.0.1:8480</c>.</summary>
    public string Listen { get; set; } = "127.0.0.1:8480";

    /// <summary>Time that a request waits for a service that sleeps. 0 to 5 min, default 30 s.</summary>
    public TimeSpan WakeWithin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The address, read; nothing when it is none, or not of this machine alone.</summary>
    internal IPEndPoint? ReadListen() => IPEndPoint.TryParse(Listen, out var address) && IPAddress.IsLoopback(address.Address) ? address : null;
}
