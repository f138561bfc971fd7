using System.Buffers;

namespace PolyClaw.Http;

/// <summary>
/// Reads a request's body whole, within its size and time, into memory from the pool. Few large bodies are read at a time, so that
/// what all connections together can make the server hold stays small.
/// </summary>
internal sealed class BodyReader(McpHttpOptions options, TimeProvider clock)
{
    private const int SmallBody = 64 * 1024;
    private const int FirstRead = 4 * 1024;

    private readonly CallSlots _largeBodies = new(8);

    /// <exception cref="BadHttpRequestException">Too large (413), too slow (408), broken off (400), or too many large ones at once (503).</exception>
    public async Task<PooledBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > options.MaxBodyBytes)
            throw TooLarge();

        using var deadline = new CancellationTokenSource(options.BodyTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        // A declared length is not believed beyond a small body: memory grows with what arrives.
        var body = new PooledBody(ArrayPool<byte>.Shared.Rent((int)Math.Clamp((request.ContentLength ?? FirstRead) + 1, 1, SmallBody)));
        try
        {
            while (await request.Body.ReadAsync(body.Free, both.Token) is var read and > 0)
            {
                body.Length += read;
                if (body.Length > options.MaxBodyBytes)
                    throw TooLarge();
                if (body.Free.IsEmpty)
                    Grow(body);
            }

            return body;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            body.Dispose();
            throw new BadHttpRequestException($"The body did not arrive within {options.BodyTimeout.TotalSeconds:0.#} s.", StatusCodes.Status408RequestTimeout);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private void Grow(PooledBody body)
    {
        if (!body.IsLarge)
        {
            if (!_largeBodies.TryEnter())
                throw new BadHttpRequestException("Too many large bodies at once.", StatusCodes.Status503ServiceUnavailable);
            body.OnDispose = _largeBodies.Leave;
        }

        body.Grow(options.MaxBodyBytes + 1);
    }

    private BadHttpRequestException TooLarge() =>
        new($"The body is larger than {options.MaxBodyBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
}
