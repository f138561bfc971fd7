using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace PolyClaw.Core.Journal;

/// <summary>
/// Recomputes every chain: the tenants' anchors, events against their hashes, payloads against their digests, stream heads, and the
/// listings drawn from them. Call it inside one read transaction, or a commit between two of its questions looks like a break.
/// </summary>
internal sealed class ChainVerifier
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<(string Stream, long Sequence), (string Tenant, byte[] Head)> _anchors = [];
    private readonly ProjectionVerifier _projections = new();
    private long _events, _newestEpoch;

    private ChainVerifier(SqliteConnection connection) => _connection = connection;

    /// <summary>Says where the first break is, or nothing.</summary>
    public static string? FirstBreak(SqliteConnection connection)
    {
        var verifier = new ChainVerifier(connection);
        return verifier.BreakInAnchors() ?? verifier.BreakInStreams() ?? verifier.BreakInCounts() ?? verifier._projections.Break(connection);
    }

    private string? BreakInAnchors()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT tenant, sequence, at, stream, stream_sequence, head, hash FROM anchors ORDER BY tenant, sequence";
        using var reader = command.ExecuteReader();
        string? tenant = null;
        byte[] hash = [];
        long sequence = 0;
        while (reader.Read())
        {
            if (tenant != reader.GetString(0))
                (tenant, hash, sequence) = (reader.GetString(0), Anchors.Genesis(reader.GetString(0)), 0);
            sequence++;
            if (reader.GetInt64(1) != sequence)
                return $"tenant {tenant}: anchor {sequence} is missing";
            var (stream, streamSequence, head) = (reader.GetString(3), reader.GetInt64(4), (byte[])reader[5]);
            hash = Anchors.Next(hash, sequence, reader.GetInt64(2), stream, streamSequence, head);
            if (!Same(hash, (byte[])reader[6]) || !_anchors.TryAdd((stream, streamSequence), (tenant, head)))
                return $"tenant {tenant}: anchor {sequence} was changed";
        }

        return null;
    }

    private string? BreakInStreams()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = """
            SELECT s.name, s.tenant, s.sequence, s.head, e.sequence, e.at, e.epoch, e.kind, e.digest, e.hash, p.body, e.position
            FROM streams s LEFT JOIN events e ON e.stream = s.id LEFT JOIN payloads p ON p.position = e.position
            ORDER BY s.id, e.sequence
            """;
        using var reader = command.ExecuteReader();
        Stream? stream = null;
        while (reader.Read())
        {
            if (stream?.Name != reader.GetString(0))
            {
                if (stream?.BreakAtEnd() is { } end)
                    return end;
                stream = new Stream(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), (byte[])reader[3]);
            }

            if (!reader.IsDBNull(4) && BreakInEvent(stream, reader) is { } broken)
                return broken;
        }

        if (stream?.BreakAtEnd() is { } last)
            return last;
        return _anchors.Count > 0 ? $"{_anchors.First().Key.Stream}: events that the tenant's chain names are missing" : null;
    }

    private string? BreakInEvent(Stream stream, SqliteDataReader row)
    {
        var (sequence, at, epoch, kind, digest) = (stream.Sequence + 1, row.GetInt64(5), row.GetInt64(6), row.GetString(7), (byte[])row[8]);
        if (row.GetInt64(4) != sequence || row.GetInt64(11) <= stream.Position)
            return $"{stream.Name}: event {sequence} is missing or out of order";
        // No build clears payloads yet, so one that is not there was taken away.
        if (row.IsDBNull(10) || row[10] is not byte[] body || !Same(SHA256.HashData(body), digest))
            return $"{stream.Name}: the payload of event {sequence} was changed or is missing";
        var head = HashChain.Next(stream.Head, sequence, at, epoch, kind, digest);
        if (!Same(head, (byte[])row[9]))
            return $"{stream.Name}: event {sequence} was changed";
        var anchored = _anchors.Remove((stream.Name, sequence), out var anchor);
        if (anchored != Anchors.Wanted(kind, sequence) || (anchored && (anchor.Tenant != stream.Tenant || !Same(anchor.Head, head))))
            return $"{stream.Name}: event {sequence} does not agree with the tenant's chain";
        (stream.Sequence, stream.Head, stream.Position) = (sequence, head, row.GetInt64(11));
        _events++;
        _newestEpoch = Math.Max(_newestEpoch, epoch);
        _projections.Take(kind, at, body);
        return null;
    }

    /// <summary>What no stream names was not seen above.</summary>
    private string? BreakInCounts()
    {
        if (JournalFile.Number(_connection, "SELECT count(*) FROM events") != _events)
            return "there are events of no stream";
        if (JournalFile.Number(_connection, "SELECT count(*) FROM payloads") != _events)
            return "there are payloads of no event";
        return JournalFile.Number(_connection, "SELECT value FROM meta WHERE key = 'epoch'") < _newestEpoch
            ? "the epoch is older than the newest event"
            : null;
    }

    private static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    private sealed class Stream(string name, string tenant, long lastSequence, byte[] lastHead)
    {
        public string Name => name;

        public string Tenant => tenant;

        public long Sequence { get; set; }

        public byte[] Head { get; set; } = HashChain.Genesis(name);

        public long Position { get; set; }

        public string? BreakAtEnd() => Sequence == lastSequence && Same(Head, lastHead)
            ? null
            : $"{name}: its end is missing (event {lastSequence} expected, {Sequence} found)";
    }
}
