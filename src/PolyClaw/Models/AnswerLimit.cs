using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Models;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Models;

/// <summary>Stops reading a response at a bound, whatever its form: a line without an end would else be gathered in memory.</summary>
/// <param name="inner">Sends.</param>
internal sealed class AnswerLimit(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Most bytes of one response: 32 MiB. A plan of the largest size, streamed token by token, stays far below.</summary>
    public const long Bytes = 32L << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var content = new StreamContent(new Bounded(await response.Content.ReadAsStreamAsync(cancellationToken)));
        foreach (var (name, values) in response.Content.Headers)
            content.Headers.TryAddWithoutValidation(name, values);
        response.Content = content;
        return response;
    }

    private sealed class Bounded(Stream body) : ReadOnlyStream
    {
        private long _read;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await body.ReadAsync(buffer, cancellationToken));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                body.Dispose();
            base.Dispose(disposing);
        }

        private int Counted(int count) => (_read += count) <= Bytes
            ? count
            : throw new ModelFaultException(new Fault(
                PlanFault.ModelUnavailable, $"the model's answer has over {Bytes >> 20} MiB", null, "check what Model:Endpoint points to, or choose another model"));
    }
}
