using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Schemas;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>
/// Accepts that the goal is reached, if the run's own probes say so: every step before it succeeded (the plan sees to that), no server
/// that its steps made or called is down, and what the plan expected holds.
/// </summary>
internal sealed class DoneHandler(IChildServers servers) : IActionHandler
{
    public string ActionName => ActionNames.Done;

    public string Summary => "Says that the goal is reached. expect lists conditions over earlier data; it is accepted only when they hold.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Idempotent;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromSeconds(30);

    public PlanAction? Undo(PlanAction action, string key) => null;

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var done = permit.Use<PlanAction.Done>();
        var faults = new List<Fault>();
        foreach (var name in context.Servers)
            if (servers.Find(permit.Tenant, name) is { State: ServerState.Unhealthy or ServerState.Quarantined } server)
                faults.Add(new Fault("probe_failed", $"server {name} is {Wire.Name(server.State)}: {server.Error?.Message}", "/servers/" + name));
        for (var i = 0; i < done.Expect?.Count; i++)
            faults.AddRange(Check(done.Expect[i], $"/expect/{i}"));
        return Task.FromResult<StepOutcome>(faults.Count == 0
            ? new StepOutcome.Succeeded(done.Summary ?? "the goal is reached")
            : new StepOutcome.Failed(faults[0] with { Message = string.Join("; ", faults) }));
    }

    private static IEnumerable<Fault> Check(Expectation expectation, string path)
    {
        if (!JsonSchema.TryCompile(expectation.Schema, SchemaOptions.Untrusted, out var schema, out var wrong))
            return wrong.Select(f => new Fault("probe_failed", "the expectation's schema is wrong: " + f.Message, path + "/schema" + f.Path));
        return schema.Validate(expectation.Value).Faults.Select(f => new Fault("probe_failed", f.Message, path + "/value" + f.Path));
    }
}
