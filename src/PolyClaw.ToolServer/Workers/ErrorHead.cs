using System.Text;

namespace PolyClaw.ToolServer.Workers;

/// <summary>Reads a worker's stderr, so that it never blocks there, and keeps its beginning: where a runtime says why it ends.</summary>
internal sealed class ErrorHead
{
    private const int KeptBytes = 4 * 1024;
    private readonly Task<string> _text;

    public ErrorHead(Stream stream) => _text = DrainAsync(stream);

    /// <summary>What was kept, once the stream has ended.</summary>
    public Task<string> ReadToEndAsync(CancellationToken cancellationToken) => _text.WaitAsync(cancellationToken);

    private static async Task<string> DrainAsync(Stream stream)
    {
        var kept = new MemoryStream(KeptBytes);
        var buffer = new byte[1024];
        try
        {
            // It ends with the process, so it needs no token.
            while (await stream.ReadAsync(buffer, CancellationToken.None) is > 0 and var read)
            {
                kept.Write(buffer, 0, Math.Min(read, KeptBytes - (int)kept.Length));
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // The process was disposed of: nobody asks any more.
        }

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}
