using Microsoft.Data.Sqlite;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Tests.Journal;

[Trait("Threat", "T21")]
public sealed class TamperTests : IDisposable
{
    private readonly JournalHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task The_triggers_refuse_to_change_or_delete()
    {
        await _house.FillAsync();
        using var connection = new SqliteConnection($"Data Source={_house.Path};Pooling=False");
        connection.Open();
        foreach (var sql in (string[])["UPDATE events SET at = 1", "DELETE FROM events", "UPDATE anchors SET at = 1", "DELETE FROM anchors"])
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            Assert.Contains("append-only", Assert.Throws<SqliteException>(() => command.ExecuteNonQuery()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_flipped_byte_in_any_column_is_found()
    {
        await _house.FillAsync();
        string[] columns =
        [
            "events.stream", "events.sequence", "events.at", "events.epoch", "events.kind", "events.digest", "events.hash", "events.position",
            "payloads.body", "payloads.position",
            "streams.id", "streams.name", "streams.tenant", "streams.sequence", "streams.head",
            "anchors.tenant", "anchors.sequence", "anchors.at", "anchors.stream", "anchors.stream_sequence", "anchors.head", "anchors.hash",
            "runs.run_id", "runs.tenant", "runs.goal", "runs.created_at", "runs.status", "runs.ended_at",
            "servers.tenant", "servers.name", "servers.record",
        ];
        var random = new Random(20261123);
        var tried = 0;
        foreach (var column in columns)
            for (var i = 0; i < 7; i++)
            {
                var copy = Copy();
                var (table, name) = (column.Split('.')[0], column.Split('.')[1]);
                if (!Flip(copy, table, name, random))
                    continue;
                tried++;
                Assert.True(Break(copy) is not null, $"a flip in {column} was not found");
            }

        Assert.True(tried >= 150, $"only {tried} flips were tried");
    }

    [Fact]
    public async Task Whatever_byte_of_the_file_is_flipped_it_is_found_or_changes_nothing()
    {
        await _house.FillAsync();
        var original = File.ReadAllBytes(_house.Path);
        var (_, before) = Look(_house.Path);
        Assert.NotEmpty(before);
        var random = new Random(7);
        var found = 0;
        for (var i = 0; i < 200; i++)
        {
            var bytes = (byte[])original.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var copy = Path.Combine(_house.Folder, "flipped.db");
            File.WriteAllBytes(copy, bytes);
            var (broken, after) = Look(copy);
            if (broken is not null)
                found++;
            else
                Assert.Equal(before, after);
        }

        Assert.True(found >= 20, $"only {found} of 200 flips hit something that counts");
    }

    [Theory]
    [InlineData("DELETE FROM events WHERE position = 3")]
    [InlineData("DELETE FROM payloads WHERE position = 3")]
    [InlineData("DELETE FROM events WHERE position = (SELECT max(position) FROM events)")]
    [InlineData("DELETE FROM payloads WHERE position = (SELECT max(position) FROM events); DELETE FROM events WHERE position = (SELECT max(position) FROM events)")]
    [InlineData("DELETE FROM anchors WHERE tenant = 'acme'")]
    [InlineData("DELETE FROM anchors WHERE (tenant, sequence) = (SELECT tenant, max(sequence) FROM anchors WHERE tenant = 'acme')")]
    [InlineData("DELETE FROM streams WHERE name = 'calls/acme'")]
    [InlineData("DELETE FROM events WHERE stream = (SELECT id FROM streams WHERE name = 'calls/acme'); DELETE FROM streams WHERE name = 'calls/acme'")]
    [InlineData("DELETE FROM runs"), InlineData("DELETE FROM servers")]
    [InlineData("UPDATE meta SET value = 0")]
    [InlineData("INSERT INTO events(stream, sequence, at, epoch, kind, digest, hash) VALUES (99, 1, 1, 1, 'run_created', x'00', x'00')")]
    [InlineData("INSERT INTO payloads VALUES (999, x'00')")]
    [InlineData("UPDATE events SET sequence = 100 WHERE sequence = 2; UPDATE events SET sequence = 2 WHERE sequence = 3; UPDATE events SET sequence = 3 WHERE sequence = 100")]
    [InlineData("UPDATE events SET kind = kind || char(0) WHERE position = 2")]
    [InlineData("UPDATE events SET kind = printf('%0200d', 1) WHERE position = 2")]
    [InlineData("UPDATE runs SET tenant = 'globex' WHERE tenant = 'acme'")]
    public async Task What_is_deleted_moved_added_or_cut_off_is_found(string sql)
    {
        await _house.FillAsync();
        Assert.Null(Break(_house.Path));
        JournalHouse.Tamper(_house.Path, sql);
        Assert.NotNull(Break(_house.Path));
        Assert.Equal("journal_corrupt", Assert.Throws<JournalFaultException>(() => _house.Open()).Fault.Code);
    }

    [Fact]
    public async Task Verifying_while_others_write_finds_nothing()
    {
        await using var journal = _house.Open();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var run = RunId.New();
                await journal.AppendAsync(StreamName.Run(run, "acme"), JournalHouse.Created(run), JournalHouse.Ended(run));
            }
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 20; i++)
            Assert.Null(journal.Verify());
        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_line_break_in_a_goal_stays_inside_its_event()
    {
        await using var journal = _house.Open();
        var run = RunId.New();
        await journal.AppendAsync(StreamName.Run(run, "acme"), JournalHouse.Created(run, goal: "echo\r\nX: y\u001b[31m"));
        var body = System.Text.Encoding.UTF8.GetString(EventBody.Of(journal.Read(run.Value)[0].Event!).Bytes);
        Assert.DoesNotContain('\n', body);
        Assert.DoesNotContain('\u001b', body);
    }

    private string Copy()
    {
        var copy = Path.Combine(_house.Folder, "copy.db");
        File.Copy(_house.Path, copy, overwrite: true);
        return copy;
    }

    private static string? Break(string path)
    {
        try
        {
            JournalFile.CheckBeforeUse(path);
            return null;
        }
        catch (JournalFaultException e)
        {
            return e.Fault.Message;
        }
    }

    private static (string? Broken, List<string> Events) Look(string path)
    {
        if (Break(path) is { } broken)
            return (broken, []);
        using var connection = JournalFile.OpenForReading(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT s.name || e.sequence || e.kind || e.at || hex(p.body) FROM events e JOIN streams s ON s.id = e.stream JOIN payloads p ON p.position = e.position ORDER BY e.position";
        using var reader = command.ExecuteReader();
        var events = new List<string>();
        while (reader.Read())
            events.Add(reader.GetString(0));
        return (null, events);
    }

    /// <summary>Flips one bit of one value, keeping its type. False when the value could not be written so, for example because it must be unique.</summary>
    private static bool Flip(string path, string table, string column, Random random)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = $"PRAGMA foreign_keys=OFF; DROP TRIGGER events_stay; DROP TRIGGER anchors_stay; SELECT {column} FROM {table} WHERE {column} IS NOT NULL";
        var values = new List<object>();
        using (var reader = read.ExecuteReader())
            while (reader.Read())
                values.Add(reader[0]);
        var old = values[random.Next(values.Count)];
        var bit = random.Next(8);
        object changed = old switch
        {
            long number => number ^ (1L << bit),
            byte[] bytes => FlipOne([.. bytes]),
            string text => System.Text.Encoding.Latin1.GetString(FlipOne(System.Text.Encoding.Latin1.GetBytes(text))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        using var write = connection.CreateCommand();
        write.CommandText = $"UPDATE {table} SET {column} = $new WHERE {column} = $old";
        write.Parameters.AddWithValue("$new", changed);
        write.Parameters.AddWithValue("$old", old);
        try
        {
            return write.ExecuteNonQuery() > 0;
        }
        catch (SqliteException)
        {
            return false;
        }

        byte[] FlipOne(byte[] bytes)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << bit);
            return bytes;
        }
    }
}
