using System.Text.Json;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>Requests of a child's own, by which a test learns that all before them was read.</summary>
internal static class Asked
{
    public static async Task AndAnsweredAsync(FakeChild child, int number)
    {
        await child.SayAsync($$"""{"jsonrpc":"2.0","id":"ask{{number}}","method":"ping"}""");
        if (!child.Exited.IsCompleted)
            await AnswerToAsync(child, $"\"ask{number}\"");
    }

    public static async Task<JsonElement> AnswerToAsync(FakeChild child, string id)
    {
        while (!child.Exited.IsCompleted)
        {
            House.Soon.ThrowIfCancellationRequested();
            string? found;
            lock (child.Received)
                found = child.Received.Find(line => line.Contains($"\"id\":{id}", StringComparison.Ordinal));
            if (found is not null)
                return JsonElement.Parse(found);
            await Task.Yield();
        }

        return default;
    }
}
