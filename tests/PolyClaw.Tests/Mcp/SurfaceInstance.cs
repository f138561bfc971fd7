using System.Diagnostics;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.Instances;
using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Mcp;

/// <summary>One running instance that listens on its socket and over HTTP; a server's removal needs a person there.</summary>
public sealed class SurfaceInstance : IAsyncLifetime
{
    public const string Modern = "2026-07-28";
    public const string Legacy = "2025-11-25";

    private Process _process = null!;
    private string _url = "";

    internal TestHome Home { get; } = new() { Variables = { ["POLYCLAW__Policy__Approval__Actions__0"] = "decommission_mcp_server" } };

    public async ValueTask InitializeAsync()
    {
        _process = Home.Start(["serve", "--http", "127.0.0.1:0"]);
        var line = await _process.StandardError.ReadLineAsync().WaitAsync(TestHome.Limit);
        Assert.Contains("http://", line, StringComparison.Ordinal);
        _url = line!.Split(' ')[^1];
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await Home.DisposeAsync();
    }

    /// <summary>A real client. It can ask its person when <paramref name="person"/> answers.</summary>
    internal async Task<McpClient> ConnectAsync(bool http, string revision, Func<ElicitRequestParams, ElicitResult>? person = null)
    {
        var options = new McpClientOptions { ProtocolVersion = revision };
        if (person is not null)
        {
            options.Capabilities = new ClientCapabilities { Elicitation = new ElicitationCapability { Form = new() } };
            options.Handlers = new McpClientHandlers { ElicitationHandler = (asked, _) => ValueTask.FromResult(person(asked!)) };
        }

        return await McpClient.CreateAsync(await TransportAsync(http), options);
    }

    private async Task<IClientTransport> TransportAsync(bool http)
    {
        if (http)
            return new HttpClientTransport(Options(await File.ReadAllTextAsync(Home.Home.Token)), new HttpClient(new PatientHandler()), ownsHttpClient: true);
        var stream = await Home.ConnectAsync();
        await stream.WriteAsync(PrefaceJson.Line(Preface.Of(Preface.Mcp)));
        Assert.NotNull(await FirstLine.ReadAsync(stream.Socket, Preface.Longest, CancellationToken.None));
        return new StreamClientTransport(stream, stream);
    }

    private HttpClientTransportOptions Options(string token) => new()
    {
        Endpoint = new Uri(_url),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + token.Trim() },
    };
}
