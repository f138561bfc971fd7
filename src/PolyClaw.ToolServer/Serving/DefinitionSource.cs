using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Streams;

namespace PolyClaw.ToolServer.Serving;

/// <summary>Where a definition comes from.</summary>
internal static class DefinitionSource
{
    public static async Task<ToolServerDefinition> FromFirstLineAsync(BoundedLineStream input, CancellationToken cancellationToken)
    {
        try
        {
            return await input.ReadLineAsync(ToolServerDefinition.MaxBytes, cancellationToken) is { } line
                ? DefinitionReader.Read(line)
                : throw new DefinitionException("$", "the input ended before it came; its first line is the definition, one JSON object");
        }
        catch (LineTooLongException)
        {
            throw TooLong();
        }
    }

    public static async Task<ToolServerDefinition> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var content = new byte[ToolServerDefinition.MaxBytes + 1];
            var length = await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
            return length <= ToolServerDefinition.MaxBytes ? DefinitionReader.Read(content.AsMemory(0, length)) : throw TooLong();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DefinitionException("$", $"the file {Field.Visible(path)} cannot be read ({fault.GetType().Name}); --definition names a file this user may read");
        }
    }

    private static DefinitionException TooLong() =>
        new("$", $"longer than {ToolServerDefinition.MaxBytes} bytes, the longest that is read");
}
