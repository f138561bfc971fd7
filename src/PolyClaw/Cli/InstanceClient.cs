using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;
using PolyClaw.Instances;
using PolyClaw.Mcp;

namespace PolyClaw.Cli;

/// <summary>The command line's connection to the instance: the same MCP tools as any client's, spoken for by a person.</summary>
internal sealed class InstanceClient : IAsyncDisposable
{
    private readonly InstanceConnection _connection;
    private readonly McpClient _client;

    private InstanceClient(InstanceConnection connection, McpClient client) => (_connection, _client) = (connection, client);

    public string? Note => _connection.Answer.Note;

    public static async Task<InstanceClient> OpenAsync(Home home, bool start, CancellationToken cancellationToken)
    {
        var connection = await InstanceConnection.OpenAsync(home, Preface.Cli, start, cancellationToken);
        try
        {
            var client = await McpClient.CreateAsync(
                new StreamClientTransport(connection.Stream, connection.Stream),
                new McpClientOptions { ClientInfo = new Implementation { Name = "polyclaw-cli", Version = BuildId.Current.Version } },
                cancellationToken: cancellationToken);
            return new InstanceClient(connection, client);
        }
        catch (IOException e)
        {
            await connection.DisposeAsync();
            throw Gone(e);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls a tool of the surface.</summary>
    /// <exception cref="ToolFaultException">It answered with an error.</exception>
    public async Task<T> CallAsync<T>(string tool, JsonObject arguments, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var result = await CallAsync(tool, arguments, cancellationToken);
        if (result.IsError == true || result.StructuredContent is not { } structured)
            throw new ToolFaultException(FaultOf(result));
        return structured.Deserialize(type)!;
    }

    /// <summary>Calls a tool of the surface and takes its result as it comes.</summary>
    public async Task<CallToolResult> CallAsync(string tool, JsonObject arguments, CancellationToken cancellationToken) =>
        (await CallRawAsync(tool, arguments, cancellationToken)).Deserialize((JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult)))!;

    /// <summary>Calls a tool whose result may be a child's: what a child writes is not always what the protocol library can read.</summary>
    public async Task<JsonObject> CallRawAsync(string tool, JsonObject arguments, CancellationToken cancellationToken) =>
        await SendAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments }, cancellationToken) as JsonObject
        ?? throw new McpException("the instance's answer is no tool result");

    /// <summary>Asks the instance itself.</summary>
    public async Task<InstanceStatus> ControlAsync(string method, CancellationToken cancellationToken)
    {
        var status = await SendAsync(method, [], cancellationToken);
        return status.Deserialize(InstanceJson.Default.InstanceStatus)!;
    }

    /// <summary>Asks the instance itself for something else than its status.</summary>
    public async Task<T> ControlAsync<T>(string method, JsonObject parameters, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        (await SendAsync(method, parameters, cancellationToken)).Deserialize(type)!;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>The fault that an answer of ours carries; a child's error has its text alone.</summary>
    public static Fault FaultOf(CallToolResult result) =>
        result.Meta?[ToolAnswers.FaultKey] is { } fault && fault.Deserialize(SurfaceJson.Default.Fault) is { } told
            ? told
            : new Fault("tool_error", TextOf(result));

    /// <summary>The same of a result that was taken raw.</summary>
    public static Fault FaultOf(JsonObject result) =>
        (result["_meta"] as JsonObject)?[ToolAnswers.FaultKey] is JsonObject fault && fault.Deserialize(SurfaceJson.Default.Fault) is { } told
            ? told
            : new Fault("tool_error", TextOf(result));

    /// <summary>Its texts; a piece of another kind as the JSON that it is.</summary>
    public static string TextOf(JsonObject result) => result["content"] is not JsonArray content ? "" : string.Join('\n', content.Select(piece =>
        piece is JsonObject block && block["text"] is JsonValue text && text.TryGetValue<string>(out var said) ? said : piece?.ToJsonString() ?? "null"));

    public static string TextOf(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(t => t.Text));

    private async Task<JsonNode?> SendAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        try
        {
            return (await _client.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters }, cancellationToken)).Result;
        }
        catch (IOException e)
        {
            throw Gone(e);
        }
    }

    private static HomeFaultException Gone(IOException why) => new(new Fault(
        "instance_gone", $"the connection to the instance broke: {why.Message}", Fix: "run the command again; runs go on when the instance is back"));
}
