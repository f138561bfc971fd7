using System.Text.Json;
using Microsoft.Data.Sqlite;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Journal;

/// <summary>
/// The truth: one append-only, hash-chained table of events in SQLite. A completed append is on disk.
/// Owned by one instance at a time: a lock on the file keeps a second one out, and an epoch fences off an owner that was frozen.
/// </summary>
public sealed class Journal : IAsyncDisposable
{
    private readonly JournalWriter _writer;
    private readonly SqliteConnection _reader;
    private readonly Lock _reading = new();
    private readonly FileStream _lock;
    private readonly CommitQueue _queue;
    private readonly Task _loop;

    private Journal(JournalWriter writer, SqliteConnection reader, FileStream @lock, JournalOptions options)
    {
        (_writer, _reader, _lock) = (writer, reader, @lock);
        _queue = new CommitQueue(options.CommitBatch, options.Behind);
        _loop = Task.Factory.StartNew(CommitLoop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Told of every entry once it is on disk, in order, on the writer's thread: return quickly, never throw.</summary>
    public event Action<JournalEntry>? Appended;

    /// <summary>The owner's epoch: grows with every opening.</summary>
    public long Epoch => _writer.Epoch;

    /// <summary>Commits so far: far fewer than appends when many come at once.</summary>
    internal long Commits => _writer.Commits;

    /// <summary>Opens or makes a journal.</summary>
    /// <param name="options">Where.</param>
    /// <param name="clock">Time of the events.</param>
    /// <exception cref="JournalFaultException">Another instance owns it; it is newer, damaged or does not verify; the folder cannot be written.</exception>
    public static Journal Open(JournalOptions options, TimeProvider clock)
    {
        var @lock = TakeLock(options.Path + ".lock");
        SqliteConnection? writing = null;
        try
        {
            JournalFile.CheckBeforeUse(options.Path);
            writing = JournalFile.OpenForWriting(options.Path);
            JournalFile.CreateSchema(writing);
            return new Journal(new JournalWriter(writing, clock), JournalFile.OpenForReading(options.Path), @lock, options);
        }
        catch (Exception e)
        {
            writing?.Dispose();
            @lock.Dispose();
            if (e is SqliteException)
                throw JournalFile.Unwritable(options.Path, e);
            throw;
        }
    }

    /// <summary>Writes events of one stream, all or none; on disk when the task completes.</summary>
    /// <param name="stream">Which stream.</param>
    /// <param name="events">What happened, in order.</param>
    /// <exception cref="JournalFaultException">Nothing was written.</exception>
    public Task<IReadOnlyList<JournalEntry>> AppendAsync(StreamName stream, params IReadOnlyList<JournalEvent> events) =>
        AppendAsync([(stream, events)]);

    /// <summary>Writes events of several streams, all or none; on disk when the task completes.</summary>
    /// <param name="appends">What happened where, in order.</param>
    /// <exception cref="JournalFaultException">Nothing was written.</exception>
    public Task<IReadOnlyList<JournalEntry>> AppendAsync(IReadOnlyList<(StreamName Stream, IReadOnlyList<JournalEvent> Events)> appends) =>
        Add(appends, behind: false);

    /// <summary>
    /// Writes an event that nobody waits for: with the next append that somebody waits for, else within <see cref="JournalOptions.Behind"/>.
    /// A crash before that loses it. On disk when the task completes.
    /// </summary>
    /// <param name="stream">Which stream.</param>
    /// <param name="what">What happened.</param>
    /// <exception cref="JournalFaultException">Nothing was written.</exception>
    public Task AppendBehindAsync(StreamName stream, JournalEvent what) => Add([(stream, [what])], behind: true);

    /// <summary>Reads a stream.</summary>
    /// <param name="stream">Its name.</param>
    /// <param name="after">Entries after this position; 0 for all.</param>
    /// <param name="most">At most so many. Default: all.</param>
    public IReadOnlyList<JournalEntry> Read(string stream, long after = 0, int most = int.MaxValue)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = """
                SELECT e.position, e.sequence, e.at, p.body
                FROM events e JOIN streams s ON s.id = e.stream LEFT JOIN payloads p ON p.position = e.position
                WHERE s.name = $stream AND e.position > $after ORDER BY e.sequence LIMIT $most
                """;
            command.Parameters.AddWithValue("$stream", stream);
            command.Parameters.AddWithValue("$after", after);
            command.Parameters.AddWithValue("$most", most);
            using var reader = command.ExecuteReader();
            var entries = new List<JournalEntry>();
            while (reader.Read())
            {
                var what = reader.IsDBNull(3) ? null : JsonSerializer.Deserialize((byte[])reader[3], JournalJson.Default.JournalEvent);
                entries.Add(new JournalEntry(reader.GetInt64(0), stream, reader.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), what));
            }

            return entries;
        }
    }

    /// <summary>Runs that had not ended when they were last written, oldest first.</summary>
    public IReadOnlyList<(RunId Run, string Tenant)> OpenRuns()
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = "SELECT run_id, tenant FROM runs WHERE ended_at IS NULL ORDER BY created_at";
            using var reader = command.ExecuteReader();
            var runs = new List<(RunId, string)>();
            while (reader.Read())
                if (RunId.TryParse(reader.GetString(0), out var id))
                    runs.Add((id, reader.GetString(1)));
            return runs;
        }
    }

    /// <summary>Whose run this is, or nothing when there is none.</summary>
    /// <param name="run">The run.</param>
    public string? TenantOf(RunId run)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = "SELECT tenant FROM runs WHERE run_id = $run";
            command.Parameters.AddWithValue("$run", run.Value);
            return command.ExecuteScalar() as string;
        }
    }

    /// <summary>A page of a tenant's runs, newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="before">Runs older than this one; nothing for the first page.</param>
    /// <param name="most">Page size.</param>
    public IReadOnlyList<RunSummary> Runs(string tenant, RunSummary? before, int most)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = """
                SELECT run_id, goal, created_at, status, ended_at FROM runs
                WHERE tenant = $tenant AND (created_at, run_id) < ($at, $run) ORDER BY created_at DESC, run_id DESC LIMIT $most
                """;
            command.Parameters.AddWithValue("$tenant", tenant);
            command.Parameters.AddWithValue("$at", before?.CreatedAt.ToUnixTimeMilliseconds() ?? long.MaxValue);
            command.Parameters.AddWithValue("$run", before?.RunId.Value ?? "");
            command.Parameters.AddWithValue("$most", most);
            using var reader = command.ExecuteReader();
            var runs = new List<RunSummary>();
            while (reader.Read())
                if (RunId.TryParse(reader.GetString(0), out var id))
                    runs.Add(new RunSummary(
                        id, reader.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetString(3),
                        reader.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4))));
            return runs;
        }
    }

    /// <summary>The child servers that exist, all tenants.</summary>
    public IReadOnlyList<ServerRecord> Servers() => Records("servers", JournalJson.Default.ServerRecord);

    /// <summary>The services that exist, all tenants.</summary>
    public IReadOnlyList<ServiceRecord> Services() => Records("services", JournalJson.Default.ServiceRecord);

    /// <summary>Recomputes every chain of this journal.</summary>
    /// <returns>Where the first break is, or nothing.</returns>
    public string? Verify()
    {
        lock (_reading)
            return JournalFile.FirstBreak(_reader);
    }

    /// <summary>Writes what was accepted, then lets go of the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Complete();
        await _loop;
        _writer.Dispose();
        lock (_reading)
            _reader.Dispose();
        await _lock.DisposeAsync();
    }

    private List<T> Records<T>(string table, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = $"SELECT record FROM {table} ORDER BY tenant, name";
            using var reader = command.ExecuteReader();
            var records = new List<T>();
            while (reader.Read())
                records.Add(JsonSerializer.Deserialize((byte[])reader[0], type)!);
            return records;
        }
    }

    private Task<IReadOnlyList<JournalEntry>> Add(IReadOnlyList<(StreamName Stream, IReadOnlyList<JournalEvent> Events)> appends, bool behind)
    {
        // Written as JSON here, on the caller's thread: the writer's is for what must be in order.
        var append = new PendingAppend([.. appends.Select(a => new JournalWriter.Append(a.Stream, [.. a.Events.Select(EventBody.Of)]))], behind);
        if (!_queue.TryAdd(append))
            throw new JournalFaultException(new Fault("journal_closed", "the instance is stopping"));
        return append.Written.Task;
    }

    private void CommitLoop()
    {
        try
        {
            while (_queue.Take() is { Count: > 0 } batch)
                Commit(batch);
        }
        catch (Exception e)
        {
            // A listener threw, which it must not. Nobody may wait for ever for a writer that is gone.
            _queue.Complete();
            var gone = new JournalFaultException(new Fault("journal_closed", "the journal's writer stopped: " + e.Message), e);
            while (_queue.Take() is { Count: > 0 } left)
                foreach (var append in left)
                    append.Written.TrySetException(gone);
            throw;
        }
    }

    private void Commit(IReadOnlyList<PendingAppend> batch)
    {
        IReadOnlyList<JournalEntry> entries;
        try
        {
            entries = _writer.Commit([.. batch.SelectMany(w => w.Appends)]);
        }
        catch (Exception) when (batch.Count > 1)
        {
            // One bad append must not fail those that only shared its commit.
            foreach (var waiting in batch)
                Commit([waiting]);
            return;
        }
        catch (Exception e)
        {
            batch[0].Written.SetException(e);
            return;
        }

        var next = 0;
        foreach (var waiting in batch)
        {
            var own = entries.Skip(next).Take(waiting.Events).ToList();
            next += waiting.Events;
            waiting.Written.SetResult(own);
        }

        if (Appended is { } listeners)
            foreach (var entry in entries)
                listeners(entry);
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new JournalFaultException(new Fault(
                "journal_locked", "another PolyClaw instance owns this journal", path, "use that instance ('polyclaw status'), or another POLYCLAW_HOME"), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalFile.Unwritable(path, e);
        }
    }

    /// <summary>EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}

/// <summary>A run in a listing.</summary>
/// <param name="RunId">Which.</param>
/// <param name="Goal">What was asked.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Status">A terminal status, or <c>open</c>.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Error">Why nobody drives it though it has not ended. Default nothing.</param>
public sealed record RunSummary(RunId RunId, string Goal, DateTimeOffset CreatedAt, string Status, DateTimeOffset? EndedAt, Fault? Error = null);
