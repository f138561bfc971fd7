using System.Collections.Concurrent;

namespace PolyClaw.Containers.Tests;

internal sealed class Heard : IProgress<string>
{
    public ConcurrentQueue<string> Messages { get; } = new();

    public void Report(string value) => Messages.Enqueue(value);
}
