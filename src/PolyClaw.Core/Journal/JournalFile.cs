using Microsoft.Data.Sqlite;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Journal;

/// <summary>Opens the SQLite file: checked read-only first, so that a file we refuse is left untouched.</summary>
internal static class JournalFile
{
    /// <summary>First SQLite without the WAL-reset corruption bug (3.7.0–3.51.2).</summary>
    private static readonly Version LeastSqlite = new(3, 51, 3);

    /// <summary>A connection that writes, with everything a durable journal needs switched on.</summary>
    public static SqliteConnection OpenForWriting(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        Execute(connection, """
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=FULL;
            PRAGMA busy_timeout=5000;
            PRAGMA foreign_keys=ON;
            PRAGMA trusted_schema=OFF;
            PRAGMA cell_size_check=ON;
            PRAGMA journal_size_limit=67108864;
            """);
        return connection;
    }

    /// <summary>A connection that reads.</summary>
    public static SqliteConnection OpenForReading(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadOnly);
        Execute(connection, "PRAGMA busy_timeout=5000; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
        return connection;
    }

    /// <summary>Makes the tables in an empty file, and those that a file of an older build lacks.</summary>
    public static void CreateSchema(SqliteConnection connection)
    {
        if (Number(connection, "PRAGMA user_version") >= JournalSchema.Version)
            return;
        // Deferred would do for one owner; immediate also makes a second one that got past the lock wait here.
        using var transaction = connection.BeginTransaction(deferred: false);
        if (Number(connection, "PRAGMA user_version") == 0)
            Execute(connection, JournalSchema.Create);
        Execute(connection, JournalSchema.Services);
        Execute(connection, $"PRAGMA user_version={JournalSchema.Version}");
        transaction.Commit();
    }

    /// <summary>Refuses a file that a newer build wrote, that is damaged, or whose chains do not verify.</summary>
    /// <exception cref="JournalFaultException">With code <c>journal_newer</c>, <c>journal_corrupt</c> or <c>journal_unwritable</c>.</exception>
    public static void CheckBeforeUse(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return;
        try
        {
            using var connection = OpenForReading(path);
            CheckVersion(connection, path);
            if (!IsNew(connection) && FirstBreak(connection) is { } broken)
                throw Corrupt(path, broken);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_BUSY
            or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_NOMEM)
        {
            throw Unwritable(path, e);
        }
        catch (Exception e) when (e is SqliteException or System.Text.Json.JsonException or InvalidCastException or NotSupportedException)
        {
            throw Corrupt(path, e.Message, e);
        }
    }

    /// <summary>Where the first break in the file or its chains is, or nothing; of one moment, whatever is written meanwhile.</summary>
    public static string? FirstBreak(SqliteConnection connection)
    {
        using var moment = connection.BeginTransaction(deferred: true);
        // The full check, not the quick one: an index that lost an entry hides events from every reader.
        var health = Text(connection, "PRAGMA integrity_check(1)");
        return health == "ok" ? ChainVerifier.FirstBreak(connection) : health;
    }

    /// <summary>A fault for a place that cannot be written.</summary>
    public static JournalFaultException Unwritable(string path, Exception e) => new(
        new Fault("journal_unwritable", $"the journal cannot be opened for writing: {e.Message}", path, "make POLYCLAW_HOME a folder with free space that this user may write"), e);

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString() ?? "";
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        connection.Open();
        if (Version.Parse(connection.ServerVersion) < LeastSqlite)
        {
            connection.Dispose();
            throw new JournalFaultException(new Fault(
                "sqlite_too_old", $"SQLite {connection.ServerVersion} can corrupt a write-ahead log", Fix: $"use {LeastSqlite} or newer"));
        }

        return connection;
    }

    /// <summary>Made, and the power went before its tables were: nothing is lost, it is made anew.</summary>
    private static bool IsNew(SqliteConnection connection) =>
        Number(connection, "PRAGMA user_version") == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;

    private static void CheckVersion(SqliteConnection connection, string path)
    {
        var version = Number(connection, "PRAGMA user_version");
        if (version > JournalSchema.Version)
            throw new JournalFaultException(new Fault(
                "journal_newer", $"the journal was written by a newer PolyClaw (format {version}, this build reads up to {JournalSchema.Version})", path,
                "use the newer build, or another POLYCLAW_HOME; the file was not touched"));
    }

    private static JournalFaultException Corrupt(string path, string what, Exception? inner = null) => new(
        new Fault("journal_corrupt", $"the journal does not verify: {what}", path, "restore a backup or use another POLYCLAW_HOME; the file was not touched"), inner);
}
