using Microsoft.Extensions.Logging.Abstractions;

namespace PolyClaw.Mcp.Wire;

/// <summary>
/// Stands between one client's stdio connection and the protocol library: lines are bounded and judged strictly, bad ones are answered
/// here, good ones pass unchanged. Give <see cref="Input"/> and <see cref="Output"/> to a <c>StreamServerTransport</c>. It adds no task and
/// no queue: the library's own read pulls the next good line.
/// </summary>
internal sealed class GuardedStdio
{
    /// <param name="input">What the client sends, one message a line.</param>
    /// <param name="output">What the client reads.</param>
    /// <param name="limits">Bounds; the defaults when null.</param>
    /// <param name="log">Where refused lines are told of, without their content.</param>
    public GuardedStdio(Stream input, Stream output, StdioLimits? limits = null, ILogger<GuardedStdio>? log = null)
    {
        limits ??= new StdioLimits();
        var inFlight = new InFlightRequests(limits.MaxInFlight);
        var guarded = new GuardedOutput(output, inFlight);
        Output = guarded;
        Input = new GuardedInput(input, guarded, inFlight, limits, log ?? NullLogger<GuardedStdio>.Instance);
    }

    /// <summary>Good lines alone; ends after the client's last, or after a line that was too long.</summary>
    public Stream Input { get; }

    /// <summary>Takes what the library writes and passes on whole lines only.</summary>
    public Stream Output { get; }
}
