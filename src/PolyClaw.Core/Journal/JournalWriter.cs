using System.Diagnostics;
using Microsoft.Data.Sqlite;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Journal;

/// <summary>
/// The one place that writes. Appends that arrive while a commit is under way share the next one (group commit); the chain heads,
/// the projections and the owner's epoch are all inside that transaction.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _clock;
    private readonly JournalProjections _projections;
    private readonly Dictionary<string, Head> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Head> _tenants = new(StringComparer.Ordinal);
    private readonly List<SqliteCommand> _commands = [];
    private readonly SqliteCommand _begin, _commit, _rollBack, _epochNow, _findStream, _addStream, _moveStream, _addEvent, _addPayload, _addAnchor;

    public JournalWriter(SqliteConnection connection, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
        // One statement: two owners that raise it at once get two epochs, and the lower one is fenced.
        Epoch = JournalFile.Number(connection, "UPDATE meta SET value = value + 1 WHERE key = 'epoch' RETURNING value");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollBack = Prepare("ROLLBACK");
        _epochNow = Prepare("SELECT value FROM meta WHERE key = 'epoch'");
        _findStream = Prepare("SELECT id FROM streams WHERE name = $name", "$name");
        _addStream = Prepare("INSERT INTO streams(name, tenant, sequence, head) VALUES ($name, $tenant, 0, $head) RETURNING id", "$name", "$tenant", "$head");
        _moveStream = Prepare("UPDATE streams SET sequence = $sequence, head = $head WHERE id = $id", "$id", "$sequence", "$head");
        _addEvent = Prepare(
            "INSERT INTO events(stream, sequence, at, epoch, kind, digest, hash) VALUES ($stream, $sequence, $at, $epoch, $kind, $digest, $hash) RETURNING position",
            "$stream", "$sequence", "$at", "$epoch", "$kind", "$digest", "$hash");
        _addPayload = Prepare("INSERT INTO payloads(position, body) VALUES ($position, $body)", "$position", "$body");
        _addAnchor = Prepare(
            "INSERT INTO anchors(tenant, sequence, at, stream, stream_sequence, head, hash) VALUES ($tenant, $sequence, $at, $stream, $stream_sequence, $head, $hash)",
            "$tenant", "$sequence", "$at", "$stream", "$stream_sequence", "$head", "$hash");
        _projections = new JournalProjections(Prepare);
        LoadHeads();
    }

    /// <summary>This owner's epoch.</summary>
    public long Epoch { get; }

    /// <summary>Commits that reached the disk, for tests of the group commit.</summary>
    public long Commits { get; private set; }

    /// <summary>Writes a batch in one transaction. On any failure nothing of it is there and the heads are as before.</summary>
    public IReadOnlyList<JournalEntry> Commit(IReadOnlyList<Append> batch)
    {
        var before = new Dictionary<string, Head?>(StringComparer.Ordinal);
        var tenantsBefore = new Dictionary<string, Head?>(StringComparer.Ordinal);
        try
        {
            Run(_begin);
            if ((long)Run(_epochNow)! != Epoch)
                throw new JournalFaultException(new Fault(
                    "journal_fenced", "another instance took this journal over", Fix: "this instance must stop; the newer one goes on"));
            var entries = new List<JournalEntry>();
            foreach (var append in batch)
                foreach (var what in append.Events)
                    entries.Add(Write(append.Stream, what, before, tenantsBefore));
            Run(_commit);
            Commits++;
            foreach (var entry in entries)
                if (entry.Event is JournalEvent.RunEnded)
                    _heads.Remove(entry.Stream);
            return entries;
        }
        catch (Exception e)
        {
            Restore(_heads, before);
            Restore(_tenants, tenantsBefore);
            // After some failures (a full disk, an unreadable page) SQLite has rolled back by itself.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                Run(_rollBack);
            if (e is SqliteException sqlite)
                throw Explain(sqlite);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands)
            command.Dispose();
        _connection.Dispose();
    }

    private JournalEntry Write(StreamName stream, EventBody what, Dictionary<string, Head?> before, Dictionary<string, Head?> tenantsBefore)
    {
        var atMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        before.TryAdd(stream.Value, _heads.GetValueOrDefault(stream.Value));
        var head = _heads.GetValueOrDefault(stream.Value) ?? NewStream(stream);
        if (head.Ended)
            throw Ended(stream);
        var hash = HashChain.Next(head.Hash, head.Sequence + 1, atMs, Epoch, what.Kind, what.Digest);
        head = head with { Sequence = head.Sequence + 1, Hash = hash, Ended = what.Event is JournalEvent.RunEnded };
        _heads[stream.Value] = head;
        var position = (long)Run(_addEvent, head.Id, head.Sequence, atMs, Epoch, what.Kind, what.Digest, hash)!;
        Run(_addPayload, position, what.Bytes);
        Run(_moveStream, head.Id, head.Sequence, hash);
        if (Anchors.Wanted(what.Kind, head.Sequence))
            Anchor(stream, head, atMs, tenantsBefore);
        _projections.Apply(what.Event, atMs);
        // To the millisecond, as it will be read back: what is folded now and what a restart folds must not differ.
        return new JournalEntry(position, stream.Value, head.Sequence, DateTimeOffset.FromUnixTimeMilliseconds(atMs), what.Event);
    }

    private void Anchor(StreamName stream, Head head, long atMs, Dictionary<string, Head?> tenantsBefore)
    {
        tenantsBefore.TryAdd(stream.Tenant, _tenants.GetValueOrDefault(stream.Tenant));
        var chain = _tenants.GetValueOrDefault(stream.Tenant) ?? new Head(0, 0, Anchors.Genesis(stream.Tenant));
        var hash = Anchors.Next(chain.Hash, chain.Sequence + 1, atMs, stream.Value, head.Sequence, head.Hash);
        _tenants[stream.Tenant] = chain with { Sequence = chain.Sequence + 1, Hash = hash };
        Run(_addAnchor, stream.Tenant, chain.Sequence + 1, atMs, stream.Value, head.Sequence, head.Hash, hash);
    }

    /// <summary>A stream without a head in memory is new, or has ended: those are not kept in memory, and nothing may follow their end.</summary>
    private Head NewStream(StreamName stream)
    {
        if (Run(_findStream, stream.Value) is not null)
            throw Ended(stream);
        var genesis = HashChain.Genesis(stream.Value);
        return new Head((long)Run(_addStream, stream.Value, stream.Tenant, genesis)!, 0, genesis);
    }

    private void LoadHeads()
    {
        using var streams = _connection.CreateCommand();
        streams.CommandText = """
            SELECT name, id, sequence, head FROM streams s
            WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.run_id = s.name AND r.ended_at IS NOT NULL)
            """;
        using (var reader = streams.ExecuteReader())
            while (reader.Read())
                _heads[reader.GetString(0)] = new Head(reader.GetInt64(1), reader.GetInt64(2), (byte[])reader[3]);
        using var anchors = _connection.CreateCommand();
        anchors.CommandText = "SELECT tenant, max(sequence), hash FROM anchors GROUP BY tenant";
        using var chains = anchors.ExecuteReader();
        while (chains.Read())
            _tenants[chains.GetString(0)] = new Head(0, chains.GetInt64(1), (byte[])chains[2]);
    }

    private static void Restore(Dictionary<string, Head> heads, Dictionary<string, Head?> before)
    {
        foreach (var (key, head) in before)
            if (head is null)
                heads.Remove(key);
            else
                heads[key] = head;
    }

    private SqliteCommand Prepare(string sql, params string[] names)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        _commands.Add(command);
        return command;
    }

    /// <summary>Runs a prepared statement.</summary>
    public static object? Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Debug.Assert(command.Parameters.Count == values.Length);
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command.ExecuteScalar();
    }

    private static JournalFaultException Ended(StreamName stream) => new(new Fault("run_ended", $"{stream.Value} has ended and never changes again"));

    private static JournalFaultException Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => new(new Fault("storage_full", "the disk that holds the journal is full", Fix: "free space; nothing acknowledged was lost"), e),
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => new(new Fault("journal_corrupt", e.Message), e),
        _ => new(new Fault("journal_unwritable", e.Message, Fix: "check that POLYCLAW_HOME is writable"), e),
    };

    /// <summary>Events that belong together: all of them are written, or none.</summary>
    internal sealed record Append(StreamName Stream, IReadOnlyList<EventBody> Events);

    private sealed record Head(long Id, long Sequence, byte[] Hash, bool Ended = false);
}
