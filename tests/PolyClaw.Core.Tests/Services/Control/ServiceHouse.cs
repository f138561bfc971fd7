using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Control;
using PolyClaw.Core.Tests.Journal;
using PolyClaw.Core.Tests.Planning;

namespace PolyClaw.Core.Tests.Services.Control;

/// <summary>Services over a real journal, gate and ledger, with replicas and requests as a test says. Time passes when the test says so.</summary>
internal sealed class ServiceHouse : IServiceNotices, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly JournalHouse _files = new();
    private readonly ConcurrentQueue<ServiceNotice> _notices = new();
    private PolyClaw.Core.Journal.Journal _journal;

    public ServiceHouse(Action<ServiceOptions>? change = null)
    {
        change?.Invoke(Options);
        Workloads = new FakeWorkloads(Clock);
        (_journal, Ledger, Gate, Control) = Open();
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public ServiceOptions Options { get; } = new();

    public FakeWorkloads Workloads { get; }

    public FakeTraffic Traffic { get; private set; } = new();

    public QuotaLedger Ledger { get; private set; }

    public PolicyGate Gate { get; private set; }

    public ServiceControl Control { get; private set; }

    public IReadOnlyList<string> Told => [.. _notices.Select(n => n.Kind)];

    public static ServiceSpec Spec(int replicas = 4, string name = "web") => new(name, "web:1", replicas, new ServerResources("100m", "64Mi"));

    public void Tell(ServiceNotice notice) => _notices.Enqueue(notice);

    public Verdict Decide(PlanAction action, string key) => Gate.Decide(new GateRequest(JournalHouse.Agent, action, Key: key));

    public Permit Allowed(PlanAction action, string key) => Decide(action, key) switch
    {
        Verdict.Allowed allowed => allowed.Permit,
        Verdict.Denied denied => throw new Xunit.Sdk.XunitException(string.Join("; ", denied.Denials)),
        var other => throw new Xunit.Sdk.XunitException(other.ToString()),
    };

    public Task<StepOutcome> DeployAsync(ServiceSpec spec, string key = "one", CancellationToken cancellationToken = default) =>
        Control.DeployAsync(Allowed(new PlanAction.DeployService(spec), key), Context(key), cancellationToken);

    public Task<StepOutcome> ScaleAsync(PlanAction.Autoscale wish, string key = "scale", CancellationToken cancellationToken = default) =>
        Control.ScaleAsync(Allowed(wish, key), Context(key), cancellationToken);

    public Task<StepOutcome> ShiftAsync(PlanAction.ShiftTraffic shift, string key) => Control.ShiftAsync(Allowed(shift, key), Context(key), CancellationToken.None);

    public Task<StepOutcome> DeleteAsync(string name = "web") => Control.DeleteAsync(Allowed(new PlanAction.DeleteService(name), "delete"), Context("delete"), CancellationToken.None);

    public Task<StepOutcome> UndoAsync(string key, string name = "web") =>
        Control.TakeBackAsync(((Verdict.Allowed)Gate.DecideUndo("acme", new PlanAction.UndoService(name, key))).Permit, Context(key + "/undo"), CancellationToken.None);

    /// <summary>Lets time pass, a second at a time, until something has ended.</summary>
    public async Task<T> PassAsync<T>(Task<T> task, int seconds = 300)
    {
        for (var i = 0; i < seconds && !task.IsCompleted; i++)
            await PassAsync();
        // What is left to do needs no more time, only somebody to do it.
        await Task.WhenAny(task, Task.Delay(Patience, TimeProvider.System));
        Assert.True(task.IsCompleted, $"not over after {seconds} s: {(Control.Find("acme", "web") is { } now ? ServiceText.Of(now) : "gone")}");
        return await task;
    }

    /// <summary>Lets time pass until something is so.</summary>
    public async Task PassUntilAsync(Func<bool> so, int seconds = 300)
    {
        for (var i = 0; i < seconds && !so(); i++)
            await PassAsync();
        Assert.True(so(), $"not so after {seconds} s: {(Control.Find("acme", "web") is { } now ? ServiceText.Of(now) : "gone")}");
    }

    public async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
            await PassAsync();
    }

    /// <summary>The instance is killed, and another takes up what it left.</summary>
    public async Task RestartAsync()
    {
        await Control.DisposeAsync();
        await _journal.DisposeAsync();
        Traffic = new FakeTraffic { Answers = Traffic.Answers };
        (_journal, Ledger, Gate, Control) = Open();
        Control.Restore();
    }

    public async ValueTask DisposeAsync()
    {
        await Control.DisposeAsync();
        await _journal.DisposeAsync();
        _files.Dispose();
    }

    // A second of the clock, and what it sets off: every loop looks, and what it began has ended.
    private async Task PassAsync()
    {
        for (var part = 0; part < 4; part++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(250));
            await Control.SettledAsync();
        }
    }

    private static StepContext Context(string key) => new(null, "deploy", key, new MemoryFiles(new Dictionary<string, string>()), new Progress<string>());

    private (PolyClaw.Core.Journal.Journal, QuotaLedger, PolicyGate, ServiceControl) Open()
    {
        var journal = _files.Open(clock: Clock);
        var ledger = new QuotaLedger();
        ServiceControl? control = null;
        var gate = new PolicyGate(ledger, new PolicyOptions(), new PolicySurroundings(() => journal.Epoch, () => Isolation.Container)
        {
            Service = (tenant, name) => control?.Record(tenant, name),
        });
        control = new ServiceControl(new ServiceWorld(journal, gate, ledger, Workloads, Traffic, this, Options, Clock, NullLogger.Instance));
        return (journal, ledger, gate, control);
    }
}
