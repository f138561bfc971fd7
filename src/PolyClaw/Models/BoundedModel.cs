using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using PolyClaw.Core.Planning.Models;
using StreamingChatCompletionUpdate = OpenAI.Chat.StreamingChatCompletionUpdate;

namespace PolyClaw.Models;

/// <summary>
/// Ends an answer at one deadline, however slowly it trickles, and turns what the client library throws into a fault that says what to do.
/// Cancellation by the caller stays cancellation.
/// </summary>
/// <param name="model">The client of the library.</param>
/// <param name="limit">Time for one answer, retries and their waits included.</param>
/// <param name="clock">Measures it.</param>
/// <param name="faults">Words for what goes wrong.</param>
internal sealed class BoundedModel(IChatClient model, TimeSpan limit, TimeProvider clock, ModelFaults faults) : DelegatingChatClient(model)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var deadline = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await using var updates = base.GetStreamingResponseAsync(messages, options, both.Token).GetAsyncEnumerator(both.Token);
        while (await Guarded(() => updates.MoveNextAsync().AsTask(), deadline.Token, cancellationToken))
            yield return WithRefusal(updates.Current);
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var deadline = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        return await Guarded(() => base.GetResponseAsync(messages, options, both.Token), deadline.Token, cancellationToken);
    }

    // The library drops what a model says in refusal while it streams.
    private static ChatResponseUpdate WithRefusal(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is StreamingChatCompletionUpdate { RefusalUpdate: { Length: > 0 } words })
            update.Contents.Add(new ErrorContent(words) { ErrorCode = "Refusal" });
        return update;
    }

    private async Task<T> Guarded<T>(Func<Task<T>> ask, CancellationToken deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && (deadline.IsCancellationRequested ? faults.TooSlow() : faults.Of(e)) is { } fault)
        {
            throw new ModelFaultException(fault, e);
        }
    }
}
