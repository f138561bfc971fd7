#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Containers.Engines;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Engines;

/// <summary>Who may stand where an engine is thought to be: the one whose certificate the configured authority signed for this address, and nobody else.</summary>
[Trait("Promise", "P66")]
public sealed class TlsTransportTests : IDisposable
{
    private const int TestTimeout = 30_000;

    private readonly TestCertificates _ours = new();
    private readonly TestCertificates _strangers = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeout)]
    public async Task Both_sides_show_their_certificates_and_calls_pass()
    {
        await using var server = new Server(_ours.Server("127.0.0.1"), _ours.Authority);
        using var engine = Open(server, Tls());
        Assert.Equal("28.5.2", (await engine.NegotiateAsync(Token)).Engine);
        Assert.Equal(["GET /version", "GET /v1.51/info"], server.Seen);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task An_engine_that_another_authority_vouches_for_hears_no_call()
    {
        await using var server = new Server(_strangers.Server("127.0.0.1"), _ours.Authority);
        var fault = await RefusedAsync(server, Tls());
        Assert.Equal(("engine_untrusted", "Engines:pop-up-nyc:Endpoint"), (fault.Code, fault.Path));
        Assert.Contains("ca.pem", fault.Message, StringComparison.Ordinal);
        Assert.Empty(server.Seen);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_certificate_for_another_address_hears_no_call()
    {
        await using var server = new Server(_ours.Server("10.9.9.9"), _ours.Authority);
        var fault = await RefusedAsync(server, Tls());
        Assert.Equal("engine_name", fault.Code);
        Assert.Contains("127.0.0.1", fault.Message, StringComparison.Ordinal);
        Assert.Empty(server.Seen);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_key_that_is_not_the_certificates_is_told_before_anybody_is_called()
    {
        await using var server = new Server(_ours.Server("127.0.0.1"), _ours.Authority);
        Assert.Equal("engine_certificates", (await RefusedAsync(server, Tls() with { KeyFile = _strangers.KeyFile })).Code);
        Assert.Equal("engine_certificates", (await RefusedAsync(server, Tls() with { CaFile = _ours.Write("empty.pem", "") })).Code);
        Assert.Equal("engine_certificates", (await RefusedAsync(server, Tls() with { CertFile = "/no/such/cert.pem" })).Code);
        Assert.Empty(server.Seen);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task What_does_not_speak_TLS_is_told_as_that()
    {
        await using var server = new Server(null, _ours.Authority);
        Assert.Equal("engine_no_tls", (await RefusedAsync(server, Tls())).Code);
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Fault", "F4")]
    public async Task One_that_takes_the_connection_and_says_nothing_is_not_waited_for()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clock = new FakeTimeProvider();
        using var engine = new DockerEngine(
            new DockerEndpoint(new Uri($"tcp://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"), "Engines:pop-up-nyc:Endpoint", Tls()), new DockerDeadlines(), clock);
        var asking = engine.NegotiateAsync(Token);
        using var taken = await silent.AcceptTcpClientAsync(Token);
        clock.Advance(new DockerDeadlines().Probe);
        Assert.Equal("engine_timeout", (await Assert.ThrowsAsync<RuntimeFaultException>(() => asking)).Fault.Code);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _strangers.Dispose();
    }

    private EngineTls Tls() => new(_ours.CaFile, _ours.CertFile, _ours.KeyFile);

    private static DockerEngine Open(Server server, EngineTls tls) => new(
        new DockerEndpoint(new Uri($"tcp://127.0.0.1:{server.Port}"), "Engines:pop-up-nyc:Endpoint", tls), new DockerDeadlines { Probe = TimeSpan.FromSeconds(20) }, TimeProvider.System);

    private static async Task<Core.Goals.Fault> RefusedAsync(Server server, EngineTls tls)
    {
        using var engine = Open(server, tls);
        return (await Assert.ThrowsAsync<RuntimeFaultException>(() => engine.NegotiateAsync(Token))).Fault;
    }

    /// <summary>Answers as an engine would, to whoever shows a certificate of the authority.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2? _certificate;
        private readonly X509Certificate2 _authority;
        private readonly List<string> _seen = [];
        private readonly Task _accepting;

        public Server(X509Certificate2? certificate, X509Certificate2 authority)
        {
            (_certificate, _authority) = (certificate, authority);
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public IReadOnlyList<string> Seen
        {
            get
            {
                lock (_seen)
                    return [.. _seen];
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _accepting;
            _certificate?.Dispose();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    try
                    {
                        await ServeAsync(client);
                    }
                    catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException)
                    {
                        // One of the two did not believe the other: what is tested.
                    }
                }
            }
            catch (Exception closed) when (closed is SocketException or InvalidOperationException)
            {
                // Disposed.
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            if (_certificate is null)
            {
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Token);
                return;
            }

            await using var stream = new SslStream(client.GetStream());
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(_authority);
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = _certificate, ClientCertificateRequired = true, CertificateChainPolicy = policy }, Token);
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            if (await reader.ReadLineAsync(Token) is not { } line)
                return;
            lock (_seen)
                _seen.Add(line[..line.LastIndexOf(' ')]);
            var body = line.Contains("/version", StringComparison.Ordinal)
                ? """{"Version":"28.5.2","ApiVersion":"1.51"}"""
                : """{"OSType":"linux","CgroupVersion":"2"}""";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), Token);
            await stream.ShutdownAsync();
        }
    }
}

/// <summary>The same at a real engine, whose word on a certificate is its own.</summary>
[Collection(TlsEngineTests.Name)]
[Trait("Promise", "P66")]
public sealed class RealEngineOverTlsTests(TlsEngine engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task A_stranger_is_refused_by_the_engine_and_a_strange_engine_by_us_each_in_words()
    {
        engine.Require();
        using var strangers = new TestCertificates();
        var tls = engine.Endpoint.Tls!;
        Assert.Equal("engine_refuses_us", await CodeAsync(tls with { CertFile = strangers.CertFile, KeyFile = strangers.KeyFile }));
        Assert.Equal("engine_untrusted", await CodeAsync(tls with { CaFile = strangers.CaFile }));
        using var ours = new DockerEngine(engine.Endpoint, new DockerDeadlines(), TimeProvider.System);
        await ours.NegotiateAsync(Token);
    }

    private async Task<string> CodeAsync(EngineTls tls)
    {
        using var client = new DockerEngine(engine.Endpoint with { Tls = tls }, new DockerDeadlines(), TimeProvider.System);
        var refused = await Assert.ThrowsAsync<RuntimeFaultException>(() => client.NegotiateAsync(Token));
        Assert.Equal("Engines:pop-up-nyc:Endpoint", refused.Fault.Path);
        return refused.Fault.Code;
    }
}
