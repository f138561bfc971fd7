namespace PolyClaw.Bench.Peers;

/// <summary>A started container and its standard streams.</summary>
internal sealed class EngineContainer(EngineApi engine, string id, Stream input, Stream output) : IAsyncDisposable
{
    public Stream Input => input;

    public Stream Output => output;

    public async ValueTask DisposeAsync()
    {
        await engine.RemoveAsync(id, CancellationToken.None);
        await input.DisposeAsync();
        await output.DisposeAsync();
    }
}
