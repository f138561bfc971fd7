#pragma warning disable RS0030 // stdin, stdout and stderr are this program's protocol; it is here, and only here, that they are opened
namespace PolyClaw.ToolServer.Streams;

/// <summary>The three streams this process was started with.</summary>
internal sealed record StandardStreams(Stream Input, Stream Output, Stream Error)
{
    public static StandardStreams Open() =>
        new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.OpenStandardError());

    /// <summary>Writes one line to stderr, whole and in one call.</summary>
    public void Complain(string line) => WriteLine(Error, $"polyclaw-toolserver: {line}");

    public static void WriteLine(Stream stream, string line)
    {
        stream.Write(System.Text.Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n"));
        stream.Flush();
    }
}
