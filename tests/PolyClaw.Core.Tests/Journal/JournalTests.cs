using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Tests.Journal;

[Trait("Promise", "P60")]
public sealed class JournalTests : IDisposable
{
    private readonly JournalHouse _house = new();
    private readonly RunId _run = RunId.New();

    private StreamName Stream => StreamName.Run(_run, "acme");

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Reads_back_what_was_appended_in_order()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 7, 0, 0, 123, TimeSpan.Zero).AddTicks(4567));
        await using var journal = _house.Open(clock: clock);
        var first = await journal.AppendAsync(Stream, JournalHouse.Created(_run), JournalHouse.Skipped(1));
        var second = await journal.AppendAsync(Stream, JournalHouse.Skipped(2));
        var read = journal.Read(_run.Value);
        Assert.Equal([1, 2, 3], read.Select(e => e.Sequence));
        Assert.Equal(first.Concat(second).Select(e => (e.Position, e.Sequence, e.At)), read.Select(e => (e.Position, e.Sequence, e.At)));
        Assert.IsType<JournalEvent.RunCreated>(read[0].Event);
        Assert.Equal(JournalHouse.Skipped(2), read[2].Event);
        Assert.Equal([3L], journal.Read(_run.Value, after: read[1].Position).Select(e => e.Sequence));
        Assert.Equal([1L], journal.Read(_run.Value, most: 1).Select(e => e.Sequence));
        Assert.Empty(journal.Read(RunId.New().Value));
    }

    [Fact]
    public async Task A_completed_append_is_there_for_another_reader_and_after_opening_again()
    {
        await using (var journal = _house.Open())
        {
            await journal.AppendAsync(Stream, JournalHouse.Created(_run));
            Assert.Equal(1, JournalHouse.Number(_house.Path, "SELECT count(*) FROM events"));
        }

        await using var again = _house.Open();
        Assert.Single(again.Read(_run.Value));
        Assert.Equal(2, again.Epoch);
        Assert.Null(again.Verify());
    }

    [Fact]
    public async Task Writes_with_a_log_ahead_and_full_synchronization()
    {
        await using (_house.Open())
        {
        }

        using var writer = JournalFile.OpenForWriting(_house.Path);
        Assert.Equal(2, JournalFile.Number(writer, "PRAGMA synchronous"));
        using var command = writer.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", command.ExecuteScalar());
        Assert.Equal(1, JournalFile.Number(writer, "PRAGMA foreign_keys"));
        Assert.Equal(0, JournalFile.Number(writer, "PRAGMA trusted_schema"));
        Assert.Equal(1, JournalFile.Number(writer, "PRAGMA cell_size_check"));
    }

    [Fact]
    public async Task Appends_that_come_at_once_share_commits()
    {
        await using var journal = _house.Open();
        using var held = new ManualResetEventSlim();
        journal.Appended += _ => held.Wait(); // the writer stands still in its first commit's listener, so the others pile up
        var run = RunId.New();
        var first = journal.AppendAsync(StreamName.Run(run, "acme"), JournalHouse.Created(run));
        await first;
        var tasks = Enumerable.Range(0, 500).Select(i => journal.AppendAsync(Stream, JournalHouse.Skipped(i))).ToList();
        held.Set();
        await Task.WhenAll(tasks);
        Assert.InRange(journal.Commits, 2, 3);
        Assert.Equal(Enumerable.Range(0, 500).Select(JournalHouse.Skipped), journal.Read(_run.Value).Select(e => e.Event));
        Assert.Null(journal.Verify());
    }

    [Fact]
    public async Task What_nobody_waits_for_shares_the_next_commit_that_somebody_waits_for()
    {
        await using var journal = _house.OpenWithBehind(Timeout.InfiniteTimeSpan);
        var run = RunId.New();
        await journal.AppendAsync(StreamName.Run(run, "acme"), JournalHouse.Created(run));
        var before = journal.Commits;
        var behind = Enumerable.Range(0, 20).Select(i => journal.AppendBehindAsync(Stream, JournalHouse.Skipped(i))).ToList();
        Assert.All(behind, record => Assert.False(record.IsCompleted));
        await journal.AppendAsync(Stream, JournalHouse.Skipped(20));
        await Task.WhenAll(behind);
        Assert.Equal(before + 1, journal.Commits);
        Assert.Equal(Enumerable.Range(0, 21).Select(JournalHouse.Skipped), journal.Read(_run.Value).Select(e => e.Event));
    }

    [Fact]
    public async Task What_nobody_waits_for_is_written_when_it_is_old_when_it_fills_a_commit_and_when_the_journal_closes()
    {
        await using (var soon = _house.OpenWithBehind(TimeSpan.FromMilliseconds(1)))
            await soon.AppendBehindAsync(Stream, JournalHouse.Skipped(0));
        await using (var full = _house.OpenWithBehind(Timeout.InfiniteTimeSpan, commitBatch: 3))
            await Task.WhenAll(Enumerable.Range(1, 3).Select(i => full.AppendBehindAsync(Stream, JournalHouse.Skipped(i))));
        Task closed;
        await using (var closing = _house.OpenWithBehind(Timeout.InfiniteTimeSpan))
            closed = closing.AppendBehindAsync(Stream, JournalHouse.Skipped(4));
        await closed;
        await using var journal = _house.Open();
        Assert.Equal(Enumerable.Range(0, 5).Select(JournalHouse.Skipped), journal.Read(_run.Value).Select(e => e.Event));
    }

    [Fact]
    public async Task Parallel_appends_to_many_streams_all_read_back()
    {
        await using var journal = _house.Open();
        var runs = Enumerable.Range(0, 64).Select(_ => RunId.New()).ToList();
        await Parallel.ForEachAsync(runs, TestContext.Current.CancellationToken, async (run, _) =>
        {
            await journal.AppendAsync(StreamName.Run(run, "acme"), JournalHouse.Created(run));
            for (var i = 0; i < 10; i++)
                await journal.AppendAsync(StreamName.Run(run, "acme"), JournalHouse.Skipped(i));
        });
        Assert.All(runs, run => Assert.Equal(11, journal.Read(run.Value).Count));
        Assert.Null(journal.Verify());
    }

    [Fact]
    public async Task One_bad_append_fails_alone()
    {
        await using var journal = _house.Open();
        using var held = new ManualResetEventSlim();
        journal.Appended += _ => held.Wait();
        await journal.AppendAsync(Stream, JournalHouse.Created(_run));
        var good = journal.AppendAsync(Stream, JournalHouse.Skipped(1));
        var bad = journal.AppendAsync(StreamName.Servers("acme"), JournalHouse.Skipped(9), JournalHouse.Created(_run)); // this run exists already
        var alsoGood = journal.AppendAsync(Stream, JournalHouse.Skipped(2));
        held.Set();
        await good;
        await alsoGood;
        await Assert.ThrowsAsync<JournalFaultException>(() => bad);
        Assert.Equal([1, 2, 3], journal.Read(_run.Value).Select(e => e.Sequence));
        Assert.Empty(journal.Read("servers/acme"));
        await journal.AppendAsync(StreamName.Servers("acme"), JournalHouse.Skipped(1));
        Assert.Null(journal.Verify());
    }

    [Fact]
    public async Task Several_streams_are_written_together_or_not_at_all()
    {
        await using var journal = _house.Open();
        await journal.AppendAsync(Stream, JournalHouse.Created(_run));
        await Assert.ThrowsAsync<JournalFaultException>(() => journal.AppendAsync(
            [(StreamName.Calls("acme"), [JournalHouse.Skipped(1)]), (StreamName.Servers("acme"), [JournalHouse.Created(_run)])]));
        Assert.Empty(journal.Read("calls/acme"));
        await journal.AppendAsync([(Stream, [JournalHouse.Skipped(1)]), (StreamName.Calls("acme"), [JournalHouse.Skipped(2)])]);
        Assert.Equal(2, journal.Read(_run.Value).Count);
        Assert.Single(journal.Read("calls/acme"));
    }

    [Fact]
    public async Task Listeners_hear_every_entry_in_order_once_it_is_on_disk()
    {
        var heard = new ConcurrentQueue<(long Position, long OnDisk)>();
        await using (var journal = _house.Open())
        {
            journal.Appended += e => heard.Enqueue((e.Position, JournalHouse.Number(_house.Path, "SELECT max(position) FROM events")));
            await journal.AppendAsync(Stream, JournalHouse.Created(_run), JournalHouse.Skipped(1));
            await journal.AppendAsync(Stream, JournalHouse.Skipped(2));
        }

        Assert.Equal([1, 2, 3], heard.Select(h => h.Position));
        Assert.All(heard, h => Assert.True(h.OnDisk >= h.Position));
    }

    [Fact]
    public async Task A_listener_that_throws_stops_the_journal_and_leaves_nobody_waiting()
    {
        var journal = _house.Open();
        journal.Appended += _ => throw new InvalidOperationException("a bug");
        await journal.AppendAsync(Stream, JournalHouse.Created(_run));
        for (var i = 0; i < 2; i++)
            Assert.Equal("journal_closed", (await Assert.ThrowsAsync<JournalFaultException>(() => journal.AppendAsync(Stream, JournalHouse.Skipped(1)))).Fault.Code);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await journal.DisposeAsync());
    }

    [Fact]
    public async Task Nothing_follows_the_end_of_a_run()
    {
        await using (var journal = _house.Open())
        {
            // In one append, in one commit, and in later commits.
            await Assert.ThrowsAsync<JournalFaultException>(() => journal.AppendAsync(Stream, JournalHouse.Created(_run), JournalHouse.Ended(_run), JournalHouse.Skipped(1)));
            await journal.AppendAsync(Stream, JournalHouse.Created(_run), JournalHouse.Ended(_run));
            var fault = await Assert.ThrowsAsync<JournalFaultException>(() => journal.AppendAsync(Stream, JournalHouse.Skipped(1)));
            Assert.Equal("run_ended", fault.Fault.Code);
        }

        await using var again = _house.Open();
        Assert.Equal("run_ended", (await Assert.ThrowsAsync<JournalFaultException>(() => again.AppendAsync(Stream, JournalHouse.Skipped(1)))).Fault.Code);
        Assert.Equal(2, again.Read(_run.Value).Count);
        Assert.Null(again.Verify());
    }

    [Fact, Trait("Fault", "F13")]
    public async Task A_second_owner_is_refused()
    {
        await using var first = _house.Open();
        for (var i = 0; i < 10; i++)
            Assert.Equal("journal_locked", Assert.Throws<JournalFaultException>(() => _house.Open()).Fault.Code);
        await first.AppendAsync(Stream, JournalHouse.Created(_run));
        Assert.Equal(1, first.Epoch);
    }

    [Fact, Trait("Fault", "F13")]
    public async Task An_owner_whose_epoch_is_over_writes_nothing()
    {
        await using var journal = _house.Open();
        await journal.AppendAsync(Stream, JournalHouse.Created(_run));
        JournalHouse.Tamper(_house.Path, "UPDATE meta SET value = value + 1");
        for (var i = 0; i < 3; i++)
            Assert.Equal("journal_fenced", (await Assert.ThrowsAsync<JournalFaultException>(() => journal.AppendAsync(Stream, JournalHouse.Skipped(1)))).Fault.Code);
        Assert.Single(journal.Read(_run.Value));
    }

    [Fact, Trait("Fault", "F13")]
    public async Task Owners_that_raise_the_epoch_at_once_get_different_epochs()
    {
        await using (_house.Open())
        {
        }

        var epochs = new ConcurrentBag<long>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 16), TestContext.Current.CancellationToken, (_, _) =>
        {
            using var writer = new JournalWriter(JournalFile.OpenForWriting(_house.Path), TimeProvider.System);
            epochs.Add(writer.Epoch);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(16, epochs.Distinct().Count());
    }

    [Fact]
    public async Task Refuses_to_append_once_it_is_closed()
    {
        var journal = _house.Open();
        var accepted = journal.AppendAsync(Stream, JournalHouse.Created(_run));
        await journal.DisposeAsync();
        Assert.Single(await accepted);
        Assert.Equal("journal_closed", (await Assert.ThrowsAsync<JournalFaultException>(() => journal.AppendAsync(Stream, JournalHouse.Skipped(1)))).Fault.Code);
    }

    [Fact]
    public async Task The_kind_on_disk_is_the_kind_on_the_wire()
    {
        await using (var journal = _house.Open())
            await journal.AppendAsync(Stream, JournalHouse.Created(_run), JournalHouse.Skipped(1), JournalHouse.Ended(_run));
        using var connection = new SqliteConnection($"Data Source={_house.Path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(kind, ' ') FROM events";
        Assert.Equal("run_created step_skipped run_ended", command.ExecuteScalar());
    }

    [Fact]
    public async Task Pages_through_a_tenants_runs_newest_first()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 7, 0, 0, TimeSpan.Zero));
        await using var journal = _house.Open(clock: clock);
        var runs = new List<RunId>();
        for (var i = 0; i < 25; i++)
        {
            var run = RunId.New();
            runs.Add(run);
            await journal.AppendAsync(StreamName.Run(run, "acme"), JournalHouse.Created(run, goal: "goal " + i));
            await journal.AppendAsync(StreamName.Run(RunId.New(), "globex"), JournalHouse.Created(RunId.New(), "globex"));
            if (i % 2 == 0) // two runs of one instant
                clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await journal.AppendAsync(StreamName.Run(runs[3], "acme"), JournalHouse.Ended(runs[3]));
        var seen = new List<RunSummary>();
        while (journal.Runs("acme", seen.LastOrDefault(), 10) is { Count: > 0 } page)
            seen.AddRange(page);
        Assert.Equal(25, seen.Count);
        Assert.Equal(runs.ToHashSet(), seen.Select(s => s.RunId).ToHashSet());
        Assert.Equal(seen.OrderByDescending(s => s.CreatedAt).Select(s => s.CreatedAt), seen.Select(s => s.CreatedAt));
        Assert.Equal("succeeded", seen.Single(s => s.RunId == runs[3]).Status);
        Assert.NotNull(seen.Single(s => s.RunId == runs[3]).EndedAt);
        Assert.Equal(24, seen.Count(s => s.Status == "open"));
        Assert.Equal("acme", journal.TenantOf(runs[0]));
        Assert.Null(journal.TenantOf(RunId.New()));
        Assert.Equal(24, journal.OpenRuns().Count(r => r.Tenant == "acme"));
    }

    [Fact]
    public async Task Knows_the_servers_that_exist()
    {
        await _house.FillAsync();
        await using var journal = _house.Open();
        var server = Assert.Single(journal.Servers());
        Assert.Equal(("acme", "sales"), (server.Grant.Tenant, server.Grant.Spec.Name));
        Assert.True(server.ToInfo().Tools[0].Repeatable);
    }
}
