namespace PolyClaw.Containers.Runtimes;

/// <summary>Progress where nobody waits for it: a restart of a server, or what was told of before.</summary>
internal sealed class Unheard : IProgress<string>
{
    private Unheard() { }

    /// <summary>The one.</summary>
    public static Unheard Instance { get; } = new();

    /// <inheritdoc/>
    public void Report(string value)
    {
    }
}
