using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using PolyClaw.Containers.Engines;
using PolyClaw.Containers.Hardening;

namespace PolyClaw.Containers.Runtimes;

/// <summary>Clients of the engine's API, each with the guard in its pipe.</summary>
internal static class DockerClients
{
    /// <summary>Opens no connection yet.</summary>
    /// <param name="endpoint">Where the engine is.</param>
    /// <param name="version">The API to speak; nothing for the engine's own.</param>
    /// <param name="transport">Stands in for the socket, for tests.</param>
    public static DockerClient Build(DockerEndpoint endpoint, System.Version? version, HttpMessageHandler? transport)
    {
        var builder = new DockerClientBuilder()
            .WithEndpoint(endpoint.Address)
            .WithApiVersion(version)
            // Our deadlines stand on every call; the client's own would cut a long pull.
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .WithAuthProvider(new Guarded(endpoint.PublishedOn));
        if (transport is not null)
            return builder.WithTransportOptions(new FixedTransport(), transport).Build();
        return endpoint.Tls is null ? builder.Build() : builder.WithTransportOptions(new TlsTransport(), endpoint.Tls).Build();
    }

    // Encryption is the transport's matter; this is the place in the library's pipe that every call passes.
    private sealed class Guarded(string publishedOn) : IAuthProvider
    {
        public bool TlsEnabled => false;

        public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler) => new EngineCallGuard(handler, publishedOn);
    }

    private sealed class FixedTransport : IDockerHandlerFactory<HttpMessageHandler>
    {
        public ResolvedTransport CreateHandler(HttpMessageHandler transportOptions, ResolvedClientOptions clientOptions, Microsoft.Extensions.Logging.ILogger logger) =>
            new(transportOptions, new("http://engine/"));

        public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, Microsoft.Extensions.Logging.ILogger logger) => throw new NotSupportedException();

        public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => throw new NotSupportedException();
    }
}
