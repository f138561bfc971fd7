namespace PolyClaw.Mcp.Wire;

/// <summary>What one stdio session may send.</summary>
internal sealed record StdioLimits
{
    /// <summary>Longest line, in bytes without its line break. Default 4 MiB; a longer one ends the session.</summary>
    public int MaxLineBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Requests without an answer. Default 256; a further one is answered with an error.</summary>
    public int MaxInFlight { get; init; } = 256;

    /// <summary>How long requests that came before the end of the input may still be answered: a script pipes them in and reads on. Default 10 s.</summary>
    public TimeSpan AnswerAfterEnd { get; init; } = TimeSpan.FromSeconds(10);
}
