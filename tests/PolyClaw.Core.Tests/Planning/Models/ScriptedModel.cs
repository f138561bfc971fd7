using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace PolyClaw.Core.Tests.Planning.Models;

/// <summary>A model that says what a test wrote down, and remembers what it was asked.</summary>
internal sealed class ScriptedModel(params object[] answers) : IChatClient
{
    public List<IReadOnlyList<ChatMessage>> Asked { get; } = [];

    public List<ChatOptions?> Options { get; } = [];

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Add([.. messages]);
        Options.Add(options);
        var answer = answers[Math.Min(Asked.Count, answers.Length) - 1];
        if (answer is ChatFinishReason reason)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "{\"plan\": [") { FinishReason = reason };
            yield break;
        }

        var text = answer as string ?? "{\"plan\": [{";
        yield return new ChatResponseUpdate(ChatRole.Assistant, text[..(text.Length / 2)]);
        if (answer is Exception trouble)
            throw trouble;
        yield return new ChatResponseUpdate(ChatRole.Assistant, text[(text.Length / 2)..]) { FinishReason = ChatFinishReason.Stop };
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 100, OutputTokenCount = 10 })]);
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
