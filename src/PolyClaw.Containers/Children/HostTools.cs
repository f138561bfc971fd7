using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.Containers.Children;

/// <summary>
/// The tools of a host server. Its code knows nothing by itself: what is to be told stands in a file that each call hands in, so a host tells what
/// is and holds no state.
/// </summary>
internal static class HostTools
{
    private const string StatusFile = "host.json";
    private const string LogFile = "host.log";
    private const int MostBytes = 256 * 1024;
    private const int UsualLines = 100;

    private static readonly JsonElement NoArguments = JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}""");

    private static readonly ServerSource.Tools Source = new(
    [
        new ToolCode(
            "status", "What this host holds, and how the services on it stand.", NoArguments, $"(input, host) => JSON.parse(host.readText('{StatusFile}'))"),
        new ToolCode(
            "logs",
            "The last lines that the services on this host wrote.",
            JsonElement.Parse("""
                {"type":"object","additionalProperties":false,"properties":{
                  "service":{"type":"string","maxLength":63,"description":"one service; all when left out"},
                  "lines":{"type":"integer","minimum":1,"maximum":1000,"description":"lines of each replica, default 100"}}}
                """),
            $"(input, host) => ({{ text: host.readText('{LogFile}') }})"),
        new ToolCode(
            "healthz",
            "Whether all services on this host are well.",
            NoArguments,
            $$"""
            (input, host) => {
              const ill = JSON.parse(host.readText('{{StatusFile}}')).services.filter(service => !service.healthy).map(service => service.name);
              return { status: ill.length === 0 ? 'ok' : 'unhealthy', unhealthy: ill };
            }
            """),
    ]);

    /// <summary>What the container that speaks for a host may use itself: the usual limits of tool code.</summary>
    public static ResourceAmounts Limits { get; } = new(NanoCpus: 500_000_000, MemoryBytes: 128L << 20, Pids: 64);

    /// <summary>The tool code behind a source; nothing when there is none.</summary>
    /// <param name="source">Where a server comes from.</param>
    public static ServerSource.Tools? Of(ServerSource source) => source is ServerSource.Host ? Source : source as ServerSource.Tools;

    /// <summary>The files that a call is to hand in.</summary>
    /// <param name="plan">The host server.</param>
    /// <param name="facts">What is known of its services.</param>
    /// <param name="tool">The tool called.</param>
    /// <param name="arguments">Its arguments, which fit its schema.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<FileDefinition>> FilesAsync(
        ServerPlan plan, IHostFacts facts, string tool, JsonElement? arguments, CancellationToken cancellationToken) =>
        tool == "logs"
            ? [new FileDefinition(LogFile, Cut(await LogsAsync(plan, facts, arguments ?? default, cancellationToken)))]
            : [new FileDefinition(StatusFile, Status(plan, facts))];

    private static Task<string> LogsAsync(ServerPlan plan, IHostFacts facts, JsonElement arguments, CancellationToken cancellationToken)
    {
        var given = arguments.ValueKind is JsonValueKind.Object;
        var service = given && arguments.TryGetProperty("service", out var name) ? name.GetString() : null;
        var lines = given && arguments.TryGetProperty("lines", out var count) ? (int)count.GetDouble() : UsualLines;
        return facts.LogsAsync(plan.Tenant, plan.Spec.Name, service, lines, cancellationToken);
    }

    private static string Status(ServerPlan plan, IHostFacts facts)
    {
        var amounts = plan.Grant.Amounts;
        var told = JsonNode.Parse(facts.StatusJson(plan.Tenant, plan.Spec.Name)) as JsonObject
            ?? throw new InvalidOperationException("What is told of a host is a JSON object.");
        var status = new JsonObject
        {
            ["host"] = plan.Spec.Name,
            ["location"] = plan.Spec.Location ?? "local",
            ["capacity"] = new JsonObject
            {
                ["cpu"] = CpuQuantity.Format(amounts.NanoCpus),
                ["memory"] = MemoryQuantity.Format(amounts.MemoryBytes),
                ["storage"] = amounts.StorageBytes == 0 ? null : MemoryQuantity.Format(amounts.StorageBytes),
                ["storage_enforced"] = false,
            },
        };
        foreach (var (name, value) in told)
            status.TryAdd(name, value?.DeepClone());
        return JsonSerializer.Serialize(status, ChildJson.Default.JsonObject);
    }

    // The end of a log is what is asked for.
    private static string Cut(string log) => log.Length <= MostBytes ? log : log[^MostBytes..];
}
