using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolyClaw.Http;

namespace PolyClaw.Tests.Http;

/// <summary>Our pipeline on a real Kestrel at a free loopback port, with a tool that counts its calls.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    public const string Token = "test-token-0123456789abcdef";
    public const string OtherToken = "other-token-0123456789abcdef";

    private readonly WebApplication _app;
    private int _calls;

    private HttpHost(WebApplication app, TestTools tools, ListLoggerProvider logs)
    {
        (_app, Tools, Logs) = (app, tools, logs);
        tools.Called = () => Interlocked.Increment(ref _calls);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public TestTools Tools { get; }

    public ListLoggerProvider Logs { get; }

    /// <summary>How often a tool ran.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public static async Task<HttpHost> StartAsync(Action<McpHttpOptions>? configure = null, TimeProvider? clock = null)
    {
        var options = new McpHttpOptions { MessagesPerSecond = 10_000, MessageBurst = 10_000 };
        options.Tokens.Add(new McpHttpToken(Token, "first"));
        options.Tokens.Add(new McpHttpToken(OtherToken, "second"));
        configure?.Invoke(options);
        var tools = new TestTools();
        var logs = new ListLoggerProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        builder.AddMcpHttp(options).WithTools(tools.All());
        var app = builder.Build();
        app.MapMcpHttp();
        await app.StartAsync();
        return new HttpHost(app, tools, logs);
    }

    /// <summary>A request as a good client of 2026-07-28 sends it; <paramref name="change"/> makes it a bad one.</summary>
    public Task<HttpResponseMessage> SendAsync(
        byte[] body, Action<HttpRequestMessage>? change = null, string method = "tools/call", string? name = "count", CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2026-07-28");
        request.Headers.TryAddWithoutValidation("Mcp-Method", method);
        if (name is not null)
            request.Headers.TryAddWithoutValidation("Mcp-Name", name);
        change?.Invoke(request);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public Task<HttpResponseMessage> SendAsync(
        string body, Action<HttpRequestMessage>? change = null, string method = "tools/call", string? name = "count", CancellationToken cancellationToken = default) =>
        SendAsync(Encoding.UTF8.GetBytes(body), change, method, name, cancellationToken);

    /// <summary>Sends bytes as they are and reads until the server closes.</summary>
    public async Task<string> RawAsync(params IEnumerable<byte[]> pieces)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        var stream = socket.GetStream();
        foreach (var piece in pieces)
            await stream.WriteAsync(piece);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Tools.Dispose();
    }
}
