using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelContextProtocol.Server;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Servers;

namespace PolyClaw.Instances;

/// <summary>What a person at the terminal may ask of the instance itself; not part of the MCP surface.</summary>
internal sealed class InstanceControl(
    Activity activity, Runs runs, IChildServers servers, IPlanners planners, InstanceMode mode, Home home, IHostApplicationLifetime life,
    TimeProvider clock)
{
    public const string StatusMethod = "polyclaw/status";
    public const string StopMethod = "polyclaw/stop";

    /// <summary>How long whoever asked for the stop may stay after its answer.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromSeconds(1);

    public int OpenRuns => runs.OpenCount;

    public void AddTo(McpServerOptions options)
    {
        var handlers = options.RequestHandlers ??= [];
        handlers.Add(new() { Method = StatusMethod, Handler = (_, _) => ValueTask.FromResult(Node(Status())) });
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

    private InstanceStatus Status() => new(
        Environment.ProcessId, BuildId.Current.Version, home.Folder, Math.Round(activity.Uptime.TotalSeconds, 1), activity.Connections, runs.OpenCount,
        servers.List(Principal.LocalTenant).Count, servers.Runtime.Name, Core.Wire.Name(servers.Runtime.Isolation), servers.Runtime.Detail,
        (planners as Planners)?.Model, mode.Foreground, servers.Runtime.Warnings);

    private static JsonNode? Node(InstanceStatus status) => JsonSerializer.SerializeToNode(status, InstanceJson.Default.InstanceStatus);
}

/// <summary>What an instance says of itself.</summary>
internal sealed record InstanceStatus(
    int Pid, string Version, string Home, double UptimeSeconds, int Connections, int Runs, int Servers, string Runtime, string Isolation, string RuntimeDetail,
    string? Model, bool Foreground, IReadOnlyList<string>? RuntimeWarnings = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstanceStatus))]
internal sealed partial class InstanceJson : JsonSerializerContext;
