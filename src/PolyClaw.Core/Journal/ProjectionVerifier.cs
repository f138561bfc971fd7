using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace PolyClaw.Core.Journal;

/// <summary>
/// Folds the events that the listings are made of, and compares. The listings say whose a run is and what a server may do,
/// so a changed one is as bad as a changed event.
/// </summary>
internal sealed class ProjectionVerifier
{
    private readonly Dictionary<string, (string Tenant, string Goal, long At, string Status, long? EndedAt)> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tenant, string Name), byte[]> _servers = [];
    private readonly Dictionary<(string Tenant, string Name), byte[]> _services = [];

    /// <summary>Takes in an event of a verified chain, in the order of its stream.</summary>
    public void Take(string kind, long atMs, byte[] body)
    {
        if (kind is not ("run_created" or "run_ended" or "server_kept" or "server_gone" or "service_kept" or "service_gone"))
            return;
        switch (JsonSerializer.Deserialize(body, JournalJson.Default.JournalEvent))
        {
            case JournalEvent.RunCreated e:
                _runs[e.RunId.Value] = (e.Principal.Tenant, e.Goal, atMs, "open", null);
                break;
            case JournalEvent.RunEnded e when _runs.TryGetValue(e.RunId.Value, out var run):
                _runs[e.RunId.Value] = run with { Status = Wire.Name(e.Status), EndedAt = atMs };
                break;
            case JournalEvent.ServerKept e:
                _servers[(e.Server.Grant.Tenant, e.Server.Grant.Spec.Name)] = JournalProjections.RecordOf(e.Server);
                break;
            case JournalEvent.ServerGone e:
                _servers.Remove((e.Tenant, e.Name));
                break;
            case JournalEvent.ServiceKept e:
                _services[(e.Service.Tenant, e.Service.Name)] = JournalProjections.RecordOf(e.Service);
                break;
            case JournalEvent.ServiceGone e:
                _services.Remove((e.Tenant, e.Name));
                break;
        }
    }

    /// <summary>Where the listings differ from the events, or nothing.</summary>
    public string? Break(SqliteConnection connection)
    {
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT run_id, tenant, goal, created_at, status, ended_at FROM runs NOT INDEXED";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var run = reader.GetString(0);
                var row = (reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4), reader.IsDBNull(5) ? (long?)null : reader.GetInt64(5));
                if (!_runs.Remove(run, out var folded) || folded != row)
                    return $"the listing of {run} is not what its events say";
            }
        }

        if (BreakInRecords(connection, "servers", "server", _servers) is { } server)
            return server;
        // A file of an older build has no such table, and no such event.
        if (JournalFile.Number(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'services'") > 0
            && BreakInRecords(connection, "services", "service", _services) is { } service)
            return service;

        return _runs.Count > 0 ? $"{_runs.First().Key} is missing in the listing"
            : _servers.Count > 0 ? $"server {_servers.First().Key.Name} is missing in the listing"
            : _services.Count > 0 ? $"service {_services.First().Key.Name} is missing in the listing"
            : null;
    }

    private static string? BreakInRecords(SqliteConnection connection, string table, string what, Dictionary<(string Tenant, string Name), byte[]> folded)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT tenant, name, record FROM {table}";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            if (!folded.Remove((reader.GetString(0), reader.GetString(1)), out var record) || !record.AsSpan().SequenceEqual((byte[])reader[2]))
                return $"the record of {what} {reader.GetString(1)} is not what its events say";
        return null;
    }
}
