using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>A child made by hand over two pipes. It answers as an old, plain server does; each method's answer can be replaced by something worse.</summary>
internal sealed class FakeChild : IChild
{
    private readonly Pipe _toChild = new(new PipeOptions(pauseWriterThreshold: 16 << 20, resumeWriterThreshold: 8 << 20));
    // Unbounded: a child that nobody reads any more must not hold up its test.
    private readonly Pipe _fromChild = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);

    public FakeChild(Func<FakeChild, string, JsonElement, Task<bool>>? behaviour)
    {
        Behaviour = behaviour;
        Input = _toChild.Writer.AsStream();
        Output = _fromChild.Reader.AsStream();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Answers a method itself and returns true, or leaves it to the plain server.</summary>
    public Func<FakeChild, string, JsonElement, Task<bool>>? Behaviour { get; }

    public string Name => "fake";

    public Stream Input { get; }

    public Stream Output { get; }

    public string ErrorTail { get; set; } = "";

    public Task<ChildExit> Exited => _exited.Task;

    public List<string> Received { get; } = [];

    /// <summary>Tools that the plain server lists, as JSON objects.</summary>
    public string Tools { get; set; } = """{"name":"echo","inputSchema":{"type":"object","properties":{"text":{"type":"string"}}},"annotations":{"readOnlyHint":true}}""";

    public async Task SayAsync(string line) => await SayBytesAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SayBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        await _writing.WaitAsync();
        try
        {
            await _fromChild.Writer.WriteAsync(bytes);
        }
        catch (InvalidOperationException) when (_exited.Task.IsCompleted)
        {
            // The dead say nothing.
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task AnswerAsync(JsonElement request, string result) =>
        SayAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    public static string TextResult(string text) => $$"""{"content":[{"type":"text","text":"{{text}}"}]}""";

    public void Die(int code = 1)
    {
        _exited.TrySetResult(new ChildExit(code, false));
        _fromChild.Writer.Complete();
    }

    /// <summary>What a stop fails with, for as long as it is set.</summary>
    public RuntimeFaultException? StopFails { get; set; }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Die(0);
        return StopFails is { } left ? Task.FromException(left) : Task.CompletedTask;
    }

    /// <summary>What a disposal fails with: a bug, since disposal promises not to fail.</summary>
    public Exception? DisposeFails { get; set; }

    public ValueTask DisposeAsync()
    {
        Die(137);
        return DisposeFails is { } bug ? ValueTask.FromException(bug) : ValueTask.CompletedTask;
    }

    private async Task ServeAsync()
    {
        using var reader = new StreamReader(_toChild.Reader.AsStream(), Encoding.UTF8);
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (Received)
                    Received.Add(line);
                var message = JsonElement.Parse(line);
                if (message.TryGetProperty("method", out var method))
                    _ = Task.Run(() => HandleAsync(method.GetString()!, message));
            }
        }
        catch (InvalidOperationException)
        {
            // The pipe was completed: the child is dead.
        }
    }

    private async Task HandleAsync(string method, JsonElement message)
    {
        try
        {
            if (Behaviour is not null && await Behaviour(this, method, message))
                return;
            switch (method)
            {
                case "initialize":
                    await AnswerAsync(message, """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"fake","version":"1"}}""");
                    break;
                case "tools/list":
                    await AnswerAsync(message, $$"""{"tools":[{{Tools}}]}""");
                    break;
                case "tools/call":
                    await AnswerAsync(message, TextResult("done"));
                    break;
                case "ping":
                    await AnswerAsync(message, "{}");
                    break;
                case "server/discover":
                    await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{message.GetProperty("id").GetRawText()}}},"error":{"code":-32601,"message":"no such method"}}""");
                    break;
            }
        }
        catch (InvalidOperationException)
        {
            // Died while answering.
        }
    }
}
