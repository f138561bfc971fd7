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
    public async Task<CallToolResult> CallAsync(string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        var response = await _client.SendRequestAsync(
            new JsonRpcRequest { Method = "tools/call", Params = new JsonObject { ["name"] = tool, ["arguments"] = arguments } }, cancellationToken);
        return response.Result.Deserialize((JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult)))!;
    }

    /// <summary>Asks the instance itself.</summary>
    public async Task<InstanceStatus> ControlAsync(string method, CancellationToken cancellationToken)
    {
        var response = await _client.SendRequestAsync(new JsonRpcRequest { Method = method, Params = new JsonObject() }, cancellationToken);
        return response.Result.Deserialize(InstanceJson.Default.InstanceStatus)!;
    }

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

    public static string TextOf(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(t => t.Text));
}
