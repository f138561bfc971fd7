using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using PolyClaw.Instances;
using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Mcp;

/// <summary>A client of 2026-07-28 that writes every line itself: it sees states that a library keeps to itself, and may say anything of its capabilities.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;
    private int _id;

    private RawClient(NetworkStream stream) => (_stream, _reader) = (stream, new StreamReader(stream, Encoding.UTF8));

    public static async Task<RawClient> OpenAsync(TestHome home)
    {
        var stream = await home.ConnectAsync();
        await stream.WriteAsync(PrefaceJson.Line(Preface.Of(Preface.Mcp)));
        Assert.NotNull(await FirstLine.ReadAsync(stream.Socket, Preface.Longest, CancellationToken.None));
        return new RawClient(stream);
    }

    /// <summary>The result of a tool call, whatever kind of result it is.</summary>
    public async Task<JsonNode> CallAsync(string tool, string arguments, bool canAsk, string? state = null, string? responses = null)
    {
        var parameters = new JsonObject
        {
            ["name"] = tool,
            ["arguments"] = JsonNode.Parse(arguments),
            ["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = SurfaceInstance.Modern,
                ["io.modelcontextprotocol/clientCapabilities"] = canAsk ? new JsonObject { ["elicitation"] = new JsonObject { ["form"] = new JsonObject() } } : new JsonObject(),
            },
        };
        if (state is not null)
            parameters["requestState"] = state;
        if (responses is not null)
            parameters["inputResponses"] = JsonNode.Parse(responses);
        var id = ++_id;
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = "tools/call", ["params"] = parameters };
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"));
        while (true)
        {
            var line = await _reader.ReadLineAsync().WaitAsync(TestHome.Limit);
            Assert.NotNull(line);
            var message = JsonNode.Parse(line)!;
            if (message["id"] is JsonValue answered && (int)answered == id)
                return message["result"] ?? throw new InvalidOperationException(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _stream.DisposeAsync();
    }
}
