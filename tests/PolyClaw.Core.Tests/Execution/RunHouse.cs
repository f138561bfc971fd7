using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Execution.Handlers;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tests.Journal;
using PolyClaw.Core.Tests.Policy;
using Store = PolyClaw.Core.Journal.Journal;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>Runs on a real journal over a world of fakes. Opened again, it is the next instance of the same home.</summary>
internal sealed class RunHouse : IAsyncDisposable
{
    public static readonly Principal Agent = new("acme", "a client", PrincipalKind.Agent);
    public static readonly Principal Person = new("acme", "Ada", PrincipalKind.Person);
    public static readonly Principal Stranger = new("globex", "Eve", PrincipalKind.Person);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // only a bug waits so long

    private readonly TempFolder _folder = new();

    public RunHouse(IPlanners? planners = null, TimeProvider? clock = null, ExecutionOptions? options = null, PolicyOptions? policy = null)
    {
        Planners = planners ?? new ScriptedPlanners(_ => throw new InvalidOperationException("nobody should plan"));
        Clock = clock ?? TimeProvider.System;
        Options = options ?? new ExecutionOptions { RetryDelayMs = 0 };
        Policy = policy ?? new PolicyOptions();
        Open();
    }

    public FakeWorld World { get; } = new();

    public IPlanners Planners { get; set; }

    public TimeProvider Clock { get; }

    public ExecutionOptions Options { get; }

    public PolicyOptions Policy { get; }

    public string JournalPath => _folder.File("journal.db");

    public string RunsFolder => _folder.File("runs");

    public BlobStore Blobs { get; private set; } = null!;

    public Store Journal { get; private set; } = null!;

    public QuotaLedger Ledger { get; private set; } = null!;

    public PolicyGate Gate { get; private set; } = null!;

    public FakeChildServers Servers { get; private set; } = null!;

    public RunWorld Rules { get; private set; } = null!;

    public Runs Runs { get; private set; } = null!;

    /// <summary>The next instance begins; <see cref="ResumeAsync"/> takes up what the last one left.</summary>
    public void Open()
    {
        World.Dead = false;
        Journal = Store.Open(new JournalOptions(JournalPath), Clock);
        Ledger = new QuotaLedger();
        Servers = new FakeChildServers(World);
        Gate = new PolicyGate(Ledger, Policy, new PolicySurroundings(() => Journal.Epoch, () => Isolation.Container));
        Blobs = new BlobStore(_folder.File("blobs"));
        var handlers = new ActionHandlers(
        [
            new CreateMcpServerHandler(Servers), new DecommissionMcpServerHandler(Servers), new CallToolHandler(Servers, Blobs),
            new CheckResourceAvailabilityHandler(Gate.Quota, Servers), new AskUserHandler(), new ReportHandler(Blobs), new DoneHandler(Servers),
        ]);
        Rules = new RunWorld(
            Journal, Gate, Ledger, handlers, Planners, Servers, Blobs, new StepRunner(Options, Clock), Options, Clock, NullLogger.Instance, Policy.AgentMayApprove);
        Runs = new Runs(Rules, RunsFolder);
    }

    public async Task<int> ResumeAsync()
    {
        var known = Journal.Servers().Select(s => new RestoredServer(Gate.Reissue(s.Grant.Tenant, s.Grant), s.ToInfo(), s.Key, new StoredGoalFiles(Blobs, s.Files))).ToList();
        await Servers.RestoreAsync(known, CancellationToken.None);
        return Runs.Resume();
    }

    /// <summary>From now on nothing that this instance does is written: it lost its epoch, as one that was killed loses everything.</summary>
    public void Kill()
    {
        World.Dead = true;
        Do("UPDATE meta SET value = value + 1");
    }

    /// <summary>From now on nothing can be written, until <see cref="MendJournal"/>.</summary>
    public void BreakJournal() => Do("CREATE TRIGGER broken BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no space, says the test'); END");

    public void MendJournal() => Do("DROP TRIGGER broken");

    private void Do(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={JournalPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async Task CloseAsync()
    {
        await Runs.DisposeAsync();
        await Journal.DisposeAsync();
    }

    public async Task RestartAsync()
    {
        await CloseAsync();
        Open();
        await ResumeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    public async Task<RunId> StartAsync(Plan? plan = null, bool planOnly = false, RunLimits? limits = null, Principal? by = null)
    {
        var (run, fault) = await Runs.StartAsync(new RunOrder("a goal", by ?? Agent, planOnly, limits ?? new RunLimits(), [], plan));
        Assert.Null(fault);
        return run;
    }

    /// <summary>The run once it has ended or needs somebody.</summary>
    public async Task<RunView> RestAsync(RunId run)
    {
        using var patience = new CancellationTokenSource(Patience);
        await Runs.WaitAsync("acme", run, TimeSpan.FromDays(1), null, patience.Token);
        return Runs.Find("acme", run, after: 0)!;
    }

    /// <summary>The run once it looks as wanted.</summary>
    public async Task<RunView> UntilAsync(RunId run, Func<RunView, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var view = Runs.Find("acme", run)!;
            if (wanted(view) || view.Status.IsTerminal())
                return view;
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async Task<RunView> RunAsync(Plan plan, RunLimits? limits = null) => await RestAsync(await StartAsync(plan, limits: limits));

    public IReadOnlyList<T> Events<T>(RunId run)
        where T : JournalEvent => [.. Journal.Read(run.Value).Select(e => e.Event).OfType<T>()];

    /// <summary>What holds after everything: the chains, the ledger, the fold.</summary>
    public void AssertSound()
    {
        Assert.Null(Journal.Verify());
        foreach (var tenant in (string[])["acme", "globex"])
        {
            var live = World.Servers.Where(s => s.Key.Tenant == tenant).Aggregate(ResourceAmounts.None, (sum, s) => sum.Plus(s.Value.Info.Amounts));
            Assert.Equal(live, Ledger.Used(tenant));
            Assert.Equal(
                World.Servers.Keys.Where(k => k.Tenant == tenant).Select(k => k.Name).Order(),
                Journal.Servers().Where(s => s.Grant.Tenant == tenant).Select(s => s.Grant.Spec.Name).Order());
        }
    }

    public static Plan Plan(params PlanStep[] steps) => new(steps, continues: false);

    public static Plan Wave(params PlanStep[] steps) => new(steps, continues: true);

    public static Plan WithDone(params PlanStep[] steps) =>
        Plan([.. steps, new PlanStep("done", new PlanAction.Done("all done"), [.. steps.Select(s => s.Id)])]);

    public static PlanStep Create(string name, params string[] after) => new("make-" + name, GateHouse.ToolServer(name), after);

    public static PlanStep Remove(string id, string name, params string[] after) => new(id, new PlanAction.DecommissionMcpServer(name), after);

    public static PlanStep Call(string id, string tool, string arguments = "{}", params string[] after) =>
        new(id, new PlanAction.CallTool(tool.Split('.')[0], tool.Split('.')[1], JsonElement.Parse(arguments)), after);

    public static PlanStep Ask(string id, string question, params string[] after) => new(id, new PlanAction.AskUser(question), after);

    public static PlanStep Report(string id, string text, params string[] after) => new(id, new PlanAction.Report(text), after);

    public static PlannerAnswer.Made Made(Plan plan, int tokens = 10) => new(plan, new PlannerUsage(1, tokens, tokens));

    public static ToolOutcome Lost() => new ToolOutcome.Lost(new Fault("died", "the child died"));

    public static ToolOutcome NotCalled(bool transient) => new ToolOutcome.NotCalled(new Fault("unreachable", "the child was not reached"), transient);
}
