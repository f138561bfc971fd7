using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PolyClaw.Containers.Children;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>Child servers over a runtime made by hand, with a clock that only a test moves.</summary>
internal sealed class House : IAsyncDisposable
{
    private readonly ConcurrentQueue<ServerInfo> _changes = new();
    private readonly SemaphoreSlim _changed = new(0);

    public House(Func<FakeChild, string, JsonElement, Task<bool>>? behaviour = null, Func<ChildLaunch, FakeChild>? make = null)
        : this(new FakeRuntime(make ?? (_ => new FakeChild(behaviour))))
    {
    }

    public House(IRuntime runtime, TimeProvider? clock = null, IReadOnlyDictionary<string, RuntimeSet>? there = null)
    {
        var time = clock ?? Clock;
        Runtime = runtime;
        var set = new PlacedRuntimes(RuntimeSet.Of(runtime), there ?? new Dictionary<string, RuntimeSet>());
        Servers = new ChildServers(
            set, new ServerStarter(set, Options, time, NullLogger<ServerStarter>.Instance), new OptionsWrapper<RuntimeOptions>(Options), new OptionsWrapper<PolicyOptions>(Policy), Hosts, time, NullLogger<ChildServers>.Instance);
        Servers.Changed += info =>
        {
            _changes.Enqueue(info);
            _changed.Release();
        };
    }

    public WatchedClock Clock { get; } = new();

    public RuntimeOptions Options { get; } = new();

    public PolicyOptions Policy { get; } = new();

    public HostsOf Hosts { get; } = new();

    public IRuntime Runtime { get; }

    public FakeRuntime Fake => (FakeRuntime)Runtime;

    public FakeChild Child => Fake.Started.Last();

    public ChildServers Servers { get; }

    public static CancellationToken Soon => TestContext.Current.CancellationToken;

    public static ServerSpec ImageSpec(string name = "child", int? idleMinutes = null) =>
        new(name, new ServerSource.Image("example/child"), IdleMinutes: idleMinutes);

    public Task<ServerOutcome> CreateAsync(ServerSpec? spec = null, string key = "key", FilesOf? files = null, IProgress<string>? progress = null) =>
        Servers.CreateAsync(
            Permits.Create(spec ?? ImageSpec()), new StepContext(null, "create", key, files ?? new FilesOf(), progress ?? new Heard()), Soon);

    public async Task<ServerInfo> CreatedAsync(ServerSpec? spec = null, FilesOf? files = null) =>
        Assert.IsType<ServerOutcome.Done>(await CreateAsync(spec, files: files)).Server;

    public Task<ToolOutcome> CallAsync(string tool = "echo", string arguments = "{}", IProgress<string>? progress = null, string server = "child", CancellationToken? token = null) =>
        Servers.CallAsync(Permits.Call(server, tool, arguments), progress ?? new Heard(), token ?? Soon);

    /// <summary>Waits until a server is told to have come to a state; what was told before counts.</summary>
    public async Task<ServerInfo> ReachesAsync(ServerState state, string server = "child")
    {
        while (true)
        {
            while (_changes.TryDequeue(out var info))
            {
                if (info.State == state && info.Name == server)
                    return info;
            }

            await _changed.WaitAsync(Soon);
        }
    }

    public ValueTask DisposeAsync() => Servers.DisposeAsync();
}
