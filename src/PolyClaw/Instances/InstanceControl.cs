using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelContextProtocol.Server;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services.Control;
using PolyClaw.Gateway;

namespace PolyClaw.Instances;

/// <summary>What a person at the terminal may ask of the instance itself; not part of the MCP surface.</summary>
internal sealed class InstanceControl(
    Activity activity, Runs runs, IChildServers servers, IPlanners planners, InstanceMode mode, Home home, IHostApplicationLifetime life,
    TimeProvider clock, ServiceControl services, ServiceGateway gateway)
{
    public const string StatusMethod = "polyclaw/status";
    public const string StopMethod = "polyclaw/stop";
    public const string ServiceHistoryMethod = "polyclaw/service_history";
    public const string ServiceLogsMethod = "polyclaw/service_logs";

    /// <summary>How long whoever asked for the stop may stay after its answer.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromSeconds(1);

    public int OpenRuns => runs.OpenCount;

    public void AddTo(McpServerOptions options)
    {
        var handlers = options.RequestHandlers ??= [];
        handlers.Add(new() { Method = StatusMethod, Handler = (_, _) => ValueTask.FromResult(Node(Status())) });
        handlers.Add(new() { Method = ServiceHistoryMethod, Handler = (request, _) => ValueTask.FromResult(History(request.Params)) });
        handlers.Add(new() { Method = ServiceLogsMethod, Handler = async (request, token) => await LogsAsync(request.Params, token) });
        handlers.Add(new()
        {
            Method = StopMethod,
            Handler = (_, _) =>
            {
                _ = StopAsync();
                return ValueTask.FromResult(Node(Status()));
            },
        });
    }

    /// <summary>Stops once a connection ends: it is the asker's, which has its answer then. A stop at once could cut the answer off.</summary>
    private async Task StopAsync()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        activity.Left += () => left.TrySetResult();
        await Task.WhenAny(left.Task, Task.Delay(Leave, clock));
        life.StopApplication();
    }

    private JsonNode? History(JsonNode? parameters) => JsonSerializer.SerializeToNode(
        new ServiceHistory([.. services.History(Principal.LocalTenant, NameIn(parameters))]), InstanceJson.Default.ServiceHistory);

    private async Task<JsonNode?> LogsAsync(JsonNode? parameters, CancellationToken cancellationToken)
    {
        var lines = (parameters as JsonObject)?["lines"] is JsonValue given && given.TryGetValue<int>(out var count) ? count : 100;
        var logs = await services.LogsAsync(Principal.LocalTenant, NameIn(parameters), lines, cancellationToken);
        return JsonSerializer.SerializeToNode(new ServiceLogs([.. logs.Select(log => new ReplicaLog(log.Replica.Version, log.Replica.Number, log.Text))]), InstanceJson.Default.ServiceLogs);
    }

    private static string NameIn(JsonNode? parameters) =>
        (parameters as JsonObject)?["name"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : "";

    private InstanceStatus Status() => new(
        Environment.ProcessId, BuildId.Current.Version, home.Folder, Math.Round(activity.Uptime.TotalSeconds, 1), activity.Connections, runs.OpenCount,
        servers.List(Principal.LocalTenant).Count, servers.Runtime.Name, Core.Wire.Name(servers.Runtime.Isolation), servers.Runtime.Detail,
        (planners as Planners)?.Model, mode.Foreground, servers.Runtime.Warnings, services.Count, gateway.Address?.ToString());

    private static JsonNode? Node(InstanceStatus status) => JsonSerializer.SerializeToNode(status, InstanceJson.Default.InstanceStatus);
}

/// <summary>What an instance says of itself.</summary>
internal sealed record InstanceStatus(
    int Pid, string Version, string Home, double UptimeSeconds, int Connections, int Runs, int Servers, string Runtime, string Isolation, string RuntimeDetail,
    string? Model, bool Foreground, IReadOnlyList<string>? RuntimeWarnings = null, int Services = 0, string? Gateway = null);

/// <summary>What a service went through.</summary>
internal sealed record ServiceHistory(IReadOnlyList<EventView> Events);

/// <summary>What a service's replicas wrote last.</summary>
internal sealed record ServiceLogs(IReadOnlyList<ReplicaLog> Replicas);

/// <summary>What one replica wrote last.</summary>
internal sealed record ReplicaLog(int Version, int Number, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstanceStatus))]
[JsonSerializable(typeof(ServiceHistory))]
[JsonSerializable(typeof(ServiceLogs))]
internal sealed partial class InstanceJson : JsonSerializerContext;
