using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>A server of revision 2025-11-25 over streamable HTTP, on a real socket, with sessions. It answers all but what a test lets hang.</summary>
internal sealed class FakeRemote : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _seen = new(StringComparer.Ordinal);
    private readonly Task _serving;

    public FakeRemote()
    {
        Url = $"http://127.0.0.1:{FreePort()}/mcp";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>A method, or <c>DELETE</c> for the end of the session, that is never answered.</summary>
    public string? Hangs { get; init; }

    /// <summary>Completes with the first message of a method; <c>DELETE</c> with the end of the session.</summary>
    public Task<JsonElement> SeenAsync(string method) => Of(method).Task;

    public bool HasSeen(string method) => Of(method).Task.IsCompleted;

    public async ValueTask DisposeAsync()
    {
        _disposed.SetResult();
        _listener.Close();
        await _serving;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private TaskCompletionSource<JsonElement> Of(string method) =>
        _seen.GetOrAdd(method, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // Disposed: the end of the server.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            if (context.Request.HttpMethod == "GET")
            {
                context.Response.StatusCode = 405;
                context.Response.Close();
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            var message = JsonElement.Parse(body.Length == 0 ? "{}" : body);
            var method = context.Request.HttpMethod == "DELETE" ? "DELETE" : message.GetProperty("method").GetString()!;
            Of(method).TrySetResult(message);
            if (method == Hangs)
                await _disposed.Task;
            else
                Write(context.Response, method, message);
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client hung up.
        }
    }

    private static void Write(HttpListenerResponse response, string method, JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id))
        {
            response.StatusCode = 202;
            response.Close();
            return;
        }

        var answer = method switch
        {
            "initialize" => "\"result\":" + """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"far","version":"1"}}""",
            "tools/list" => "\"result\":" + """{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}""",
            "tools/call" => "\"result\":" + FakeChild.TextResult("far"),
            "ping" => "\"result\":{}",
            _ => "\"error\":" + """{"code":-32601,"message":"no such method"}""",
        };
        if (method == "initialize")
            response.AddHeader("Mcp-Session-Id", "session");
        response.ContentType = "application/json";
        response.Close(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},{{answer}}}"""), willBlock: false);
    }
}
