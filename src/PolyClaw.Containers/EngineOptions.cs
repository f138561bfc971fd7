namespace PolyClaw.Containers;

/// <summary>One engine of the settings: <c>Engines:NAME</c>. Servers and services are placed on it by <c>location=NAME</c>.</summary>
public sealed class EngineOptions
{
    /// <summary>
    /// <c>tcp://HOST:PORT</c> with the three files below, for mutual TLS; <c>unix:///path</c>; or, on this machine alone, <c>tcp://127.0.0.1:PORT</c>.
    /// No default.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>PEM file of the authorities that vouch for the engine's certificate; no other is believed. Default none.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM file of the certificate that this instance shows. Default none.</summary>
    public string? CertFile { get; set; }

    /// <summary>PEM file of that certificate's key. Default none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// The engine machine's IP address on which replicas publish their ports and are reached from here. Default the endpoint's host; 127.0.0.1 for a
    /// socket.
    /// </summary>
    public string? Address { get; set; }
}
