using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Tests.Http;


/// <summary>A tool that counts, one that fails, one that waits, one with a strict schema.</summary>
internal sealed class TestTools : IDisposable
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _started = new(0);

    public Action Called { get; set; } = () => { };

    /// <summary>Done when a waiting call was cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    public Task StartedAsync() => _started.WaitAsync(TimeSpan.FromSeconds(60));

    public void Dispose() => _started.Dispose();

    public void Release() => _release.TrySetResult();

    public IEnumerable<McpServerTool> All() =>
    [
        McpServerTool.Create(Count, new() { Name = "count" }),
        McpServerTool.Create(Fail, new() { Name = "fail" }),
        McpServerTool.Create(FailOnPurpose, new() { Name = "fail_mcp" }),
        McpServerTool.Create(WaitAsync, new() { Name = "wait" }),
        Strict(),
    ];

    private McpServerTool Strict()
    {
        var tool = McpServerTool.Create(Count, new() { Name = "strict" });
        tool.ProtocolTool.InputSchema = System.Text.Json.JsonElement.Parse("""
            {
              "type": "object",
              "properties": {
                "colour": { "enum": ["red", "green"] },
                "count": { "type": "integer", "maximum": 100 },
                "nested": { "type": "object", "properties": { "a/b": { "type": "string" } } }
              },
              "required": ["colour"],
              "additionalProperties": false
            }
            """);
        return tool;
    }

    private string Count()
    {
        Called();
        return "counted";
    }

    private string Fail()
    {
        Called();
        throw new InvalidOperationException("password=hunter2");
    }

    private string FailOnPurpose()
    {
        Called();
        throw new McpException("password=hunter2");
    }

    private async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        Called();
        _started.Release();
        try
        {
            await _release.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _cancelled.TrySetResult();
            throw;
        }

        return "waited";
    }
}
