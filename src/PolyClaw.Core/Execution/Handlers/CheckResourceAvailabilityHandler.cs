using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Says what is free for the tenant, and what children run with.</summary>
internal sealed class CheckResourceAvailabilityHandler(Func<string, QuotaView> quota, IChildServers servers) : IActionHandler
{
    public string ActionName => ActionNames.CheckResourceAvailability;

    public string Summary => "Says how much CPU, memory, storage and how many servers are free.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Idempotent;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromSeconds(10);

    public PlanAction? Undo(PlanAction action) => null;

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        permit.Use<PlanAction.CheckResourceAvailability>();
        var free = quota(permit.Tenant).Free;
        var runtime = servers.Runtime;
        var data = new Availability(
            CpuQuantity.Format(free.NanoCpus), MemoryQuantity.Format(free.MemoryBytes), MemoryQuantity.Format(free.StorageBytes), free.Servers,
            runtime.Name, Wire.Name(runtime.Isolation));
        return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(
            $"free: cpu {data.Cpu}, memory {data.Memory}, storage {data.Storage}, {data.Servers} servers; runtime {data.Runtime}",
            JsonSerializer.SerializeToElement(data, HandlerJson.Default.Availability)));
    }
}

/// <summary>What is free.</summary>
internal sealed record Availability(string Cpu, string Memory, string Storage, int Servers, string Runtime, string Isolation);
