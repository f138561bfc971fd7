namespace PolyClaw.Core.Journal;

/// <summary>The tables, and the version that says so. A file with a higher version is refused and left untouched.</summary>
internal static class JournalSchema
{
    public const int Version = 2;

    /// <summary>What version 2 added: the listing of services.</summary>
    public const string Services = """
        CREATE TABLE services(
            tenant TEXT NOT NULL, name TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY(tenant, name)) STRICT, WITHOUT ROWID;
        """;

    public const string Create = """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO meta(key, value) VALUES ('epoch', 0);

        CREATE TABLE streams(
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL,
            sequence INTEGER NOT NULL, head BLOB NOT NULL) STRICT;

        CREATE TABLE events(
            position INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL REFERENCES streams(id), sequence INTEGER NOT NULL,
            at INTEGER NOT NULL, epoch INTEGER NOT NULL, kind TEXT NOT NULL, digest BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX events_by_stream ON events(stream, sequence);

        CREATE TABLE payloads(position INTEGER PRIMARY KEY REFERENCES events(position), body BLOB NOT NULL) STRICT;

        CREATE TABLE anchors(
            tenant TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, stream TEXT NOT NULL, stream_sequence INTEGER NOT NULL,
            head BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(tenant, sequence)) STRICT, WITHOUT ROWID;

        -- Derived from events in the same transaction; never the truth.
        CREATE TABLE runs(
            run_id TEXT PRIMARY KEY, tenant TEXT NOT NULL, goal TEXT NOT NULL, created_at INTEGER NOT NULL,
            status TEXT NOT NULL, ended_at INTEGER) STRICT, WITHOUT ROWID;
        CREATE INDEX runs_newest ON runs(tenant, created_at DESC, run_id DESC);
        CREATE INDEX runs_open ON runs(created_at) WHERE ended_at IS NULL;
        CREATE TABLE servers(
            tenant TEXT NOT NULL, name TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY(tenant, name)) STRICT, WITHOUT ROWID;

        CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
        CREATE TRIGGER events_keep BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
        CREATE TRIGGER anchors_stay BEFORE UPDATE ON anchors BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
        CREATE TRIGGER anchors_keep BEFORE DELETE ON anchors BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
        """;
}
