using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Looks whether a service is well: asks it as its clients do, and reads what its replicas wrote.</summary>
internal sealed partial class ValidateServiceHandler(ServiceControl services, IServiceProbe probe) : IActionHandler
{
    private const int UsualRequests = 20;
    private const int LogLines = 200;
    private const int LongestLine = 200;

    public string ActionName => ActionNames.ValidateService;

    public string Summary => "Looks whether a service is well: sends it requests through the gateway, reads its replicas' logs and its figures. Fails when it is not.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Idempotent;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromMinutes(5);

    public PlanAction? Undo(PlanAction action, string key) => null;

    public async Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var asked = permit.Use<PlanAction.ValidateService>();
        if (services.Find(permit.Tenant, asked.Name) is not { } view || services.Record(permit.Tenant, asked.Name) is not { } record)
            return new StepOutcome.Failed(ServiceFaults.Unknown(asked.Name, services.List(permit.Tenant).Select(s => s.Name)));
        if (view.Address is not { } address)
            return new StepOutcome.Failed(new Fault("gateway_closed", "the gateway does not listen", Fix: "'polyclaw status' says why"));
        var path = asked.Path ?? record.Version(record.Stable)?.Grant.Spec.HealthPath ?? ServiceDefaults.HealthPath;
        var result = await probe.AskAsync(new Uri(address), path, asked.Requests ?? UsualRequests, cancellationToken);
        var suspicious = await LinesAsync(permit.Tenant, asked.Name, cancellationToken);
        var p95 = result.P95.TotalMilliseconds;
        var data = JsonSerializer.SerializeToElement(
            new ValidationData(asked.Name, record.Stable, result.Sent, result.Good, Math.Round(p95, 1), view.State, suspicious), HandlerJson.Default.ValidationData);
        var healthy = view.Versions.FirstOrDefault(v => v.Version == view.Stable);
        var fault = result switch
        {
            { Good: var good, Sent: var sent } when good < sent => new Fault("probe_failed", $"{sent - good} of {sent} requests to {path} failed: {result.FirstFault}", "/path", $"'services logs {asked.Name}' may say why"),
            _ when asked.MaxLatencyMs is { } most && p95 > most => new Fault("too_slow", string.Create(CultureInfo.InvariantCulture, $"p95 of {path} is {p95:0} ms, and {most} ms is accepted"), "/max_latency_ms", "more replicas, or a higher limit"),
            _ when healthy is null || healthy.Healthy < healthy.Wanted => new Fault("not_healthy", $"{healthy?.Healthy ?? 0} of {healthy?.Wanted ?? 0} replicas are healthy", Fix: $"'services show {asked.Name}' says why"),
            _ when suspicious.Count > 0 => new Fault("log_tells_of_failure", $"its log tells of a failure: {suspicious[0]}", Fix: $"'services logs {asked.Name}' shows all of it"),
            _ => null,
        };
        return fault is null
            ? new StepOutcome.Succeeded(string.Create(CultureInfo.InvariantCulture, $"{asked.Name} is well: {result.Good} of {result.Sent} requests good, p95 {p95:0} ms, {healthy!.Healthy} replicas healthy"), data)
            : new StepOutcome.Failed(fault, Data: data);
    }

    // What a replica writes is data: cleaned, cut, and nothing follows from it but that somebody should look.
    private async Task<IReadOnlyList<string>> LinesAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var (replica, text) in await services.LogsAsync(tenant, name, LogLines, cancellationToken))
            foreach (var line in text.Split('\n').Where(line => Failure().IsMatch(line)).Take(3))
                found.Add($"v{replica.Version} #{replica.Number}: {PlainText.Clean(line.Trim(), LongestLine)}");
        return [.. found.Take(10)];
    }

    [GeneratedRegex(@"\b(panic:|fatal( error)?:|unhandled exception|traceback \(most recent|segmentation fault|out of memory|OOMKilled)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failure();
}

/// <summary>What a look at a service offers to later steps.</summary>
internal sealed record ValidationData(string Name, int Version, int Requests, int Good, double P95Ms, string State, IReadOnlyList<string> LogLines);
