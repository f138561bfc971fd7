using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp;

/// <summary>One tool of our surface: its arguments were judged by its schema before this is reached, its answer is structured.</summary>
internal abstract class SurfaceTool<TArguments, TResult> : McpServerTool
    where TArguments : notnull
    where TResult : notnull
{
    private readonly JsonTypeInfo<TArguments> _arguments;
    private readonly JsonTypeInfo<TResult> _result;

    protected SurfaceTool(
        string name, string title, string description, string inputSchema, JsonTypeInfo<TArguments> arguments, JsonTypeInfo<TResult> result, ToolAnnotations hints)
    {
        (_arguments, _result) = (arguments, result);
        hints.Title = title;
        ProtocolTool = new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = JsonElement.Parse(inputSchema),
            OutputSchema = SurfaceSchemas.Of(result),
            Annotations = hints,
        };
    }

    public override Tool ProtocolTool { get; }

    public override IReadOnlyList<object> Metadata => [];

    public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        TArguments arguments;
        try
        {
            arguments = JsonSerializer.Deserialize(ArgumentsOf(request), _arguments)!;
        }
        catch (JsonException e)
        {
            return ToolAnswers.Error(new Fault("bad_arguments", e.Message, e.Path));
        }

        var call = new SurfaceCall(request);
        var (result, fault) = await CallAsync(arguments, call, cancellationToken);
        await call.Told;
        return fault is null ? ToolAnswers.Structured(result!, _result) : ToolAnswers.Error(fault);
    }

    /// <summary>Does what the tool is for.</summary>
    /// <returns>The answer, or what was wrong.</returns>
    protected abstract Task<(TResult? Result, Fault? Fault)> CallAsync(TArguments arguments, SurfaceCall call, CancellationToken cancellationToken);

    private static JsonElement ArgumentsOf(RequestContext<CallToolRequestParams> request)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in request.Params.Arguments ?? new Dictionary<string, JsonElement>())
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
