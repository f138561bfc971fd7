using System.Collections.Concurrent;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>A runtime whose children are made by hand.</summary>
internal sealed class FakeRuntime(Func<ChildLaunch, FakeChild> make, Isolation isolation = Isolation.Process) : IRuntime
{
    public ConcurrentQueue<FakeChild> Started { get; } = new();

    public RuntimeInfo Info => new("fake", isolation, "made by hand");

    public Fault? Refuses(ChildLaunch launch) => null;

    public Task<IChild> StartAsync(ChildLaunch launch, CancellationToken cancellationToken)
    {
        var child = make(launch);
        Started.Enqueue(child);
        return Task.FromResult<IChild>(child);
    }

    public Task<IReadOnlyList<string>> SweepAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
