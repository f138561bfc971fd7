using System.Text.Json;
using Microsoft.Data.Sqlite;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tests.Policy;
using PolyClaw.Core.Tools;
using Store = PolyClaw.Core.Journal.Journal;

namespace PolyClaw.Core.Tests.Journal;

/// <summary>A journal in a folder of its own, and events to write.</summary>
internal sealed class JournalHouse : IDisposable
{
    public static readonly Principal Agent = new("acme", "a client", PrincipalKind.Agent);

    private readonly TempFolder _folder = new();

    public string Path => _folder.File("journal.db");

    public string Folder => _folder.Path;

    public Store Open(int commitBatch = 1_000, TimeProvider? clock = null) => Store.Open(new JournalOptions(Path, commitBatch), clock ?? TimeProvider.System);

    /// <summary>A journal that keeps what nobody waits for so long.</summary>
    public Store OpenWithBehind(TimeSpan behind, int commitBatch = 1_000) =>
        Store.Open(new JournalOptions(Path, commitBatch) { Behind = behind }, TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    public static JournalEvent.RunCreated Created(RunId run, string tenant = "acme", string goal = "check resources") =>
        new(run, goal, Agent with { Tenant = tenant }, PlanOnly: false, new RunLimits(), []);

    public static JournalEvent.RunEnded Ended(RunId run) => new(run, RunStatus.Succeeded, null, "done");

    public static JournalEvent Skipped(int number) => new JournalEvent.StepSkipped($"s{number}", "for a test");

    public static ServerRecord Server(string name, string tenant = "acme")
    {
        var house = new GateHouse();
        var grant = house.Allowed(GateHouse.ToolServer(name)).Grant!.ToRecord() with { Tenant = tenant };
        return new ServerRecord(
            grant, "key", RunId.New(), [new ToolInfo("total", "Adds up.", GateHouse.AnyObject, ReadOnly: true)], Isolation.Process, 12.5, [], []);
    }

    /// <summary>A journal with two tenants, open and ended runs, servers and direct calls.</summary>
    public async Task<RunId> FillAsync()
    {
        await using var journal = Open();
        var open = RunId.New();
        foreach (var (run, tenant) in ((RunId, string)[])[(RunId.New(), "acme"), (RunId.New(), "globex"), (open, "acme")])
        {
            var stream = StreamName.Run(run, tenant);
            await journal.AppendAsync(stream, Created(run, tenant), Skipped(1));
            await journal.AppendAsync(stream, Skipped(2), Skipped(3));
            if (run != open)
                await journal.AppendAsync(stream, Ended(run));
        }

        await journal.AppendAsync(StreamName.Servers("acme"), new JournalEvent.ServerKept(Server("sales")), new JournalEvent.ServerKept(Server("old")));
        await journal.AppendAsync(StreamName.Servers("acme"), new JournalEvent.ServerGone("acme", "old"));
        var call = new ActionRecord("call_tool", JsonElement.Parse("""{"server":"sales","tool":"total"}"""));
        for (var i = 0; i < 3; i++)
            await journal.AppendAsync(StreamName.Calls("acme"), new JournalEvent.ToolCalled("c" + i, Agent, call, "answered", 1.5));
        return open;
    }

    /// <summary>Changes the file behind the journal's back.</summary>
    public static void Tamper(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            PRAGMA foreign_keys=OFF; DROP TRIGGER IF EXISTS events_stay; DROP TRIGGER IF EXISTS events_keep;
            DROP TRIGGER IF EXISTS anchors_stay; DROP TRIGGER IF EXISTS anchors_keep;
            """ + sql;
        command.ExecuteNonQuery();
    }

    public static long Number(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
