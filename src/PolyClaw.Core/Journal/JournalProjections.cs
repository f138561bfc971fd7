using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace PolyClaw.Core.Journal;

/// <summary>Keeps the tables that listings read in step with the events, in the same transaction.</summary>
internal sealed class JournalProjections
{
    private readonly SqliteCommand _addRun, _endRun, _keepServer, _dropServer, _keepService, _dropService;

    public JournalProjections(Func<string, string[], SqliteCommand> prepare)
    {
        _addRun = prepare(
            "INSERT INTO runs(run_id, tenant, goal, created_at, status) VALUES ($run, $tenant, $goal, $at, 'open')", ["$run", "$tenant", "$goal", "$at"]);
        _endRun = prepare("UPDATE runs SET status = $status, ended_at = $at WHERE run_id = $run", ["$run", "$status", "$at"]);
        _keepServer = prepare(
            "INSERT INTO servers(tenant, name, record) VALUES ($tenant, $name, $record) ON CONFLICT(tenant, name) DO UPDATE SET record = $record",
            ["$tenant", "$name", "$record"]);
        _dropServer = prepare("DELETE FROM servers WHERE tenant = $tenant AND name = $name", ["$tenant", "$name"]);
        _keepService = prepare(
            "INSERT INTO services(tenant, name, record) VALUES ($tenant, $name, $record) ON CONFLICT(tenant, name) DO UPDATE SET record = $record",
            ["$tenant", "$name", "$record"]);
        _dropService = prepare("DELETE FROM services WHERE tenant = $tenant AND name = $name", ["$tenant", "$name"]);
    }

    public void Apply(JournalEvent what, long atMs)
    {
        switch (what)
        {
            case JournalEvent.RunCreated run:
                JournalWriter.Run(_addRun, run.RunId.Value, run.Principal.Tenant, run.Goal, atMs);
                break;
            case JournalEvent.RunEnded ended:
                JournalWriter.Run(_endRun, ended.RunId.Value, Wire.Name(ended.Status), atMs);
                break;
            case JournalEvent.ServerKept { Server: var server }:
                JournalWriter.Run(_keepServer, server.Grant.Tenant, server.Grant.Spec.Name, RecordOf(server));
                break;
            case JournalEvent.ServerGone gone:
                JournalWriter.Run(_dropServer, gone.Tenant, gone.Name);
                break;
            case JournalEvent.ServiceKept { Service: var service }:
                JournalWriter.Run(_keepService, service.Tenant, service.Name, RecordOf(service));
                break;
            case JournalEvent.ServiceGone gone:
                JournalWriter.Run(_dropService, gone.Tenant, gone.Name);
                break;
        }
    }

    public static byte[] RecordOf(ServerRecord server) => JsonSerializer.SerializeToUtf8Bytes(server, JournalJson.Default.ServerRecord);

    public static byte[] RecordOf(ServiceRecord service) => JsonSerializer.SerializeToUtf8Bytes(service, JournalJson.Default.ServiceRecord);
}
