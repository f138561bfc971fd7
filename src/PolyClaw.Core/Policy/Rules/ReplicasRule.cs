using System.Globalization;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>The replicas of a service fit what the tenant has left; where not, the number that would.</summary>
internal sealed class ReplicasRule : IPolicyRule
{
    public string Name => "replicas";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        if (context.Service is not { } service || context.Needs.Amounts.FitsIn(context.Free))
            yield break;
        var (asked, free, limit) = (context.Needs.Amounts, context.Free, context.Limits.Amounts);
        if (asked.Services > free.Services)
        {
            yield return new Fault("", $"all {limit.Services} services that the tenant may have exist", null, "a new version of one of them, or delete one first");
            yield break;
        }

        var short_ = new List<string>();
        Add("cpu", asked.NanoCpus, free.NanoCpus, limit.NanoCpus, CpuQuantity.Format);
        Add("memory", asked.MemoryBytes, free.MemoryBytes, limit.MemoryBytes, MemoryQuantity.Format);
        Add("storage", asked.StorageBytes, free.StorageBytes, limit.StorageBytes, MemoryQuantity.Format);
        Add("processes", asked.Pids, free.Pids, limit.Pids, Number);
        Add("replicas", asked.Replicas, free.Replicas, limit.Replicas, Number);
        var fits = service.Counts.CountIn(free);
        yield return new Fault(
            "", $"{service.More} replicas do not fit: {string.Join(", ", short_)}", request.Action is PlanAction.Autoscale ? "/to" : "/replicas", Fix(request.Action, service, fits));

        void Add(string what, long wanted, long left, long all, Func<long, string> format)
        {
            if (wanted > left)
                short_.Add($"{what} {format(wanted)}, and {format(left)} of {format(all)} is free");
        }
    }

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Fix(PlanAction action, ServiceIntent service, int fits) => action switch
    {
        PlanAction.Autoscale => $"to ≤ {fits + (service.Known?.Version(service.Known.Stable)?.Replicas ?? 0)} fits your quota",
        _ when fits > 0 => $"replicas ≤ {fits} fits your quota",
        _ => "smaller replicas, or delete a service first",
    };
}
