using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Client;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Engines;

/// <summary>
/// Carries the client's calls over mutual TLS. The client library's own would speak TLS 1.2 alone, heed a proxy of the environment, not stop when
/// it is cancelled, and end a child's input by cutting the connection under the encryption.
/// </summary>
internal sealed class TlsTransport : IDockerHandlerFactory<EngineTls>
{
    /// <inheritdoc/>
    public ResolvedTransport CreateHandler(EngineTls transportOptions, ResolvedClientOptions clientOptions, ILogger logger)
    {
        var connector = new Connector(transportOptions, clientOptions.Endpoint);
        // For the library it is plain HTTP: what it opens is encrypted already.
        var handler = new ManagedHandler(connector.OpenAsync, logger) { UseProxy = false, RedirectMode = RedirectMode.None };
        return new ResolvedTransport(handler, new UriBuilder(clientOptions.Endpoint) { Scheme = Uri.UriSchemeHttp }.Uri);
    }

    /// <inheritdoc/>
    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) => throw new NotSupportedException("certificates are needed");

    /// <inheritdoc/>
    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => content is HttpConnectionResponseContent connection
        ? Task.FromResult(connection.HijackStream())
        : throw new NotSupportedException("only a connection of this transport can be taken over");

    private sealed class Connector(EngineTls tls, Uri endpoint)
    {
        private readonly Lazy<(X509Certificate2Collection Authorities, SslStreamCertificateContext Ours)> _files =
            new(() => (tls.ReadAuthorities(), tls.ReadCertificate()), LazyThreadSafetyMode.PublicationOnly);

        public async Task<Stream> OpenAsync(string host, int port, CancellationToken cancellationToken)
        {
            var (authorities, ours) = _files.Value;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            SslStream? stream = null;
            try
            {
                KeepAlive(socket);
                await socket.ConnectAsync(host, port, cancellationToken);
                stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
                await GreetAsync(stream, host, authorities, ours, cancellationToken);
                return new TlsConnection(stream, socket, endpoint);
            }
            catch
            {
                if (stream is not null)
                    await stream.DisposeAsync();
                socket.Dispose();
                throw;
            }
        }

        private async Task GreetAsync(SslStream stream, string host, X509Certificate2Collection authorities, SslStreamCertificateContext ours, CancellationToken cancellationToken)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            policy.CustomTrustStore.AddRange(authorities);
            var wrong = SslPolicyErrors.None;
            try
            {
                await stream.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = host,
                        ClientCertificateContext = ours,
                        CertificateChainPolicy = policy,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        // Lets nothing pass that the chain and the name do not; it only keeps in mind which of them it was.
                        RemoteCertificateValidationCallback = (_, _, _, errors) => (wrong = errors) == SslPolicyErrors.None,
                    },
                    cancellationToken);
            }
            catch (AuthenticationException refused)
            {
                throw Disbelief(wrong, host, refused);
            }
        }

        private EngineTlsException Disbelief(SslPolicyErrors wrong, string host, AuthenticationException cause)
        {
            if (wrong.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) || wrong.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            {
                return new EngineTlsException(
                    new Fault("engine_untrusted", $"the certificate of the engine at {endpoint} is not vouched for by {Hardening.LaunchRules.Show(tls.CaFile)}", Fix: "CaFile holds the authority that signed the engine's certificate; if it does, somebody else answers there"),
                    cause);
            }

            return wrong.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? new EngineTlsException(
                    new Fault("engine_name", $"the certificate of the engine at {endpoint} is not for {Hardening.LaunchRules.Show(host)}", Fix: "an endpoint by a name or address that the certificate holds, or a certificate for this one"),
                    cause)
                // An alert of the engine's comes as an inner exception; without one there was nothing that could be read as TLS.
                : cause.InnerException is null
                    ? new EngineTlsException(new Fault("engine_no_tls", $"what answers at {endpoint} does not speak TLS", Fix: "the port on which the engine listens with --tlsverify"), cause)
                    : TlsConnection.Refused(endpoint, cause);
        }

        // An attach stream is silent for hours: a machine that is gone must be noticed all the same.
        private static void KeepAlive(Socket socket)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        }
    }
}
