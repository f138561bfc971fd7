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

    public PlanAction? Undo(PlanAction action, string key) => null;

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var check = permit.Use<PlanAction.CheckResourceAvailability>();
        var asked = check.Resources;
        var free = quota(permit.Tenant).Free;
        // Elsewhere there is an engine and nothing else; whether it answers shows when something is put there.
        var runtime = check.Location is null ? servers.Runtime : new RuntimeInfo("docker", Isolation.Container, "");
        var data = new Availability(
            CpuQuantity.Format(free.NanoCpus), MemoryQuantity.Format(free.MemoryBytes), MemoryQuantity.Format(free.StorageBytes), free.Servers,
            runtime.Name, Wire.Name(runtime.Isolation), Location: check.Location);
        var answer = "";
        if (asked is not null)
        {
            var missing = Missing(ServerNeeds.Of(asked).Amounts with { Servers = 1 }, free);
            data = data with { Fits = missing is null, Missing = missing };
            answer = missing is null ? "it fits; " : "it does not fit; ";
        }

        return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(
            $"{answer}free: cpu {data.Cpu}, memory {data.Memory}, storage {data.Storage}, {data.Servers} servers; runtime {data.Runtime}",
            JsonSerializer.SerializeToElement(data, HandlerJson.Default.Availability)));
    }

    /// <summary>How much more of each amount would have to be free for one such server; nothing when it fits.</summary>
    private static MissingAmounts? Missing(ResourceAmounts asked, ResourceAmounts free)
    {
        var lacking = asked.LeftAfter(free);
        return lacking == ResourceAmounts.None ? null : new MissingAmounts(
            lacking.NanoCpus > 0 ? CpuQuantity.Format(lacking.NanoCpus) : null,
            lacking.MemoryBytes > 0 ? MemoryQuantity.Format(lacking.MemoryBytes) : null,
            lacking.StorageBytes > 0 ? MemoryQuantity.Format(lacking.StorageBytes) : null,
            lacking.Servers > 0 ? lacking.Servers : null,
            lacking.Pids > 0 ? lacking.Pids : null);
    }
}

/// <summary>What is free, and whether what was asked about fits.</summary>
internal sealed record Availability(
    string Cpu, string Memory, string Storage, int Servers, string Runtime, string Isolation, bool? Fits = null, MissingAmounts? Missing = null, string? Location = null);

/// <summary>What is missing for something to fit; only the amounts that are.</summary>
internal sealed record MissingAmounts(string? Cpu, string? Memory, string? Storage, int? Servers, int? Pids);
