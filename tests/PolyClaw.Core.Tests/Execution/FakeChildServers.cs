using System.Collections.Concurrent;
using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tests.Policy;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>
/// The world outside: it outlives the instance and remembers every effect. Each server lists <c>total</c>, which is read-only,
/// and <c>pay</c>, which must not be repeated.
/// </summary>
internal sealed class FakeWorld
{
    private volatile bool _dead;

    public ConcurrentDictionary<(string Tenant, string Name), (string Key, ServerInfo Info)> Servers { get; } = new();

    /// <summary>How often each effect was applied: <c>create sales</c>, <c>call sales.pay {"n":1}</c>, <c>remove sales</c>.</summary>
    public ConcurrentDictionary<string, int> Effects { get; } = new(StringComparer.Ordinal);

    /// <summary>Every call in order, whatever came of it.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Idempotency keys that were seen, by server.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<string>> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>What happens instead of the ordinary effect: a ServerOutcome or ToolOutcome, or nothing for the ordinary.</summary>
    public Func<string, CancellationToken, Task<object?>> Script { get; set; } = (_, _) => Task.FromResult<object?>(null);

    /// <summary>The instance is dead: effects that it had begun are applied or not, and nobody hears of them.</summary>
    public bool Dead { get => _dead; set => _dead = value; }

    public bool ApplyWhenDead { get; set; }

    public int Count(string effect) => Effects.GetValueOrDefault(effect);
}

/// <summary>Child servers without processes. Uses every permit, as the real ones do.</summary>
internal sealed class FakeChildServers(FakeWorld world) : IChildServers
{
    public RuntimeInfo Runtime { get; } = new("fake", Isolation.Container, "for tests");

    public event Action<ServerInfo>? Changed
    {
        add { }
        remove { }
    }

    public async Task<ServerOutcome> CreateAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var spec = permit.Use<PlanAction.CreateMcpServer>().Spec;
        Assert.NotNull(permit.Grant);
        world.Keys.GetOrAdd(spec.Name, _ => []).Add(context.IdempotencyKey);
        context.Progress.Report("creating");
        if (await Begin("create " + spec.Name, cancellationToken) is ServerOutcome scripted)
            return scripted;
        var info = new ServerInfo(
            permit.Tenant, spec.Name, spec.Source.Kind, ServerState.Ready,
            [new ToolInfo("total", "Adds up.", GateHouse.AnyObject, ReadOnly: true), new ToolInfo("pay", "Pays.", GateHouse.AnyObject)],
            Isolation.Container, permit.Grant.Amounts, 10, [], Key: context.IdempotencyKey);
        if (world.Servers.TryGetValue((permit.Tenant, spec.Name), out var there))
            return there.Key == context.IdempotencyKey
                ? new ServerOutcome.Done(there.Info, Adopted: true)
                : new ServerOutcome.Failed(new Fault("exists", $"{spec.Name} exists"));
        Apply("create " + spec.Name, () => world.Servers[(permit.Tenant, spec.Name)] = (context.IdempotencyKey, info));
        return new ServerOutcome.Done(info);
    }

    public async Task<ToolOutcome> CallAsync(Permit permit, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var call = permit.Use<PlanAction.CallTool>();
        var what = $"call {call.Server}.{call.Tool} {call.Arguments?.GetRawText() ?? "{}"}";
        if (await Begin(what, cancellationToken) is ToolOutcome scripted)
            return scripted;
        if (!world.Servers.ContainsKey((permit.Tenant, call.Server)))
            return new ToolOutcome.NotCalled(new Fault("no_server", $"there is no server {call.Server}"));
        Apply(what, () => { });
        return Answer($$"""{"structuredContent":{"sum":42,"args":{{call.Arguments?.GetRawText() ?? "{}"}}},"content":[]}""");
    }

    public async Task<ServerOutcome> RemoveAsync(Permit permit, CancellationToken cancellationToken)
    {
        var name = permit.Use<PlanAction.DecommissionMcpServer>().Name;
        if (await Begin("remove " + name, cancellationToken) is ServerOutcome scripted)
            return scripted;
        var there = Find(permit.Tenant, name) ?? new ServerInfo(
            permit.Tenant, name, "tools", ServerState.Removed, [], Isolation.Container, ResourceAmounts.None, 0, []);
        Apply("remove " + name, () => world.Servers.TryRemove((permit.Tenant, name), out _));
        return new ServerOutcome.Done(there with { State = ServerState.Removed });
    }

    public Task RestoreAsync(IReadOnlyList<RestoredServer> grants, CancellationToken cancellationToken)
    {
        // What the journal knows exists, or wakes on use; what only the world knows is adopted by the step that made it.
        foreach (var grant in grants)
            Assert.Equal(grant.Key, world.Servers.GetOrAdd((grant.Grant.Tenant, grant.Info.Name), (grant.Key, grant.Info)).Key);
        return Task.CompletedTask;
    }

    public IReadOnlyList<ServerInfo> List(string tenant) => [.. world.Servers.Where(s => s.Key.Tenant == tenant).Select(s => s.Value.Info).OrderBy(s => s.Name, StringComparer.Ordinal)];

    public ServerInfo? Find(string tenant, string name) => world.Servers.TryGetValue((tenant, name), out var there) ? there.Info : null;

    public static ToolOutcome.Answered Answer(string json, bool isError = false) => new(JsonElement.Parse(json), isError);

    private async Task<object?> Begin(string what, CancellationToken cancellationToken)
    {
        world.Calls.Enqueue(what);
        if (world.Dead && !world.ApplyWhenDead)
            throw new IOException("the instance is dead");
        return await world.Script(what, cancellationToken);
    }

    private void Apply(string what, Action effect)
    {
        effect();
        world.Effects.AddOrUpdate(what, 1, (_, n) => n + 1);
        if (world.Dead)
            throw new IOException("the instance is dead");
    }
}
