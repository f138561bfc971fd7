namespace PolyClaw.Mcp;

/// <summary>Passes a child's messages on as progress of the call that they belong to. They arrive as text; their count is the progress.</summary>
internal sealed class ChildProgress(ProgressTelling progress) : IProgress<string>
{
    private readonly Lock _counting = new();
    private int _heard;

    public void Report(string value)
    {
        lock (_counting)
            progress.Tell(++_heard, null, value);
    }
}
