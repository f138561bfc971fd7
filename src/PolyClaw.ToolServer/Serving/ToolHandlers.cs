using System.Buffers;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Workers;

namespace PolyClaw.ToolServer.Serving;

/// <summary>
/// Lists and calls the definition's tools. Handlers, not the SDK's tool collection: that lists in no fixed order, and
/// the definition's order is the one its author meant.
/// </summary>
internal sealed class ToolHandlers
{
    private readonly Dictionary<string, ToolDefinition> _tools = new(StringComparer.Ordinal);
    private readonly List<Tool> _listed = [];
    private readonly List<EncodedFile> _files;
    private readonly LimitsDefinition _limits;
    private readonly WorkerPool _pool;
    private readonly Action<string> _complain;
    private readonly CancellationToken _inputEnded;

    public ToolHandlers(ToolServerDefinition definition, LimitsDefinition limits, WorkerPool pool, Action<string> complain, CancellationToken inputEnded)
    {
        _inputEnded = inputEnded;
        _complain = complain;
        _pool = pool;
        _limits = limits;
        _files = [.. (definition.Files ?? []).Select(EncodedFile.Of)];
        foreach (var tool in definition.Tools)
        {
            _tools.Add(tool.Name, tool);
            _listed.Add(Listed(tool));
        }
    }

    public ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> _, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new ListToolsResult { Tools = _listed });
    }

    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var call = request.Params
            ?? throw new McpProtocolException("tools/call needs params", McpErrorCode.InvalidParams);
        if (!_tools.TryGetValue(call.Name, out var tool))
        {
            throw new McpProtocolException($"unknown tool \"{Field.Visible(call.Name)}\"", McpErrorCode.InvalidParams);
        }

        var job = Job.Create(tool.Code, Input(call), [.. _files, .. CallFiles.Read(call, _files)], _limits);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _inputEnded);
        var end = await _pool.RunAsync(job, either.Token);
        if (end.Diagnosis.Length > 0)
        {
            _complain($"a worker of {tool.Name} ended: {end.Diagnosis}");
        }

        return CallResults.Of(end, ProtocolEra.TakesAnyStructuredContent(request));
    }

    private static Tool Listed(ToolDefinition tool) => new()
    {
        Name = tool.Name,
        Description = tool.Description,
        InputSchema = tool.InputSchema,
        OutputSchema = tool.OutputSchema,
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = tool.ReadOnly,
            IdempotentHint = tool.Idempotent,
            DestructiveHint = false,
            OpenWorldHint = false,
        },
    };

    private static string Input(CallToolRequestParams call)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in call.Arguments ?? new Dictionary<string, JsonElement>())
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
