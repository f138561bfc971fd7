namespace PolyClaw.ToolServer.Streams;

/// <summary>A line of input that is longer than its limit. What follows it cannot be trusted, so reading ends.</summary>
internal sealed class LineTooLongException(int maxBytes)
    : IOException($"a line of input is longer than {maxBytes} bytes");
