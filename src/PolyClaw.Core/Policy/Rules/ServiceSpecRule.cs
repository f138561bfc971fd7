using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>What a service's spec may say.</summary>
internal sealed class ServiceSpecRule : IPolicyRule
{
    private const int MostArguments = 128;
    private const int LongestArgument = 32 * 1024;
    private const int MostNeeds = 32;
    private const int LongestPath = 256;

    public string Name => "service_spec";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => request.Action switch
    {
        PlanAction.DeployService { Spec: var spec } => OfImage(spec, context).Concat(OfShape(spec)).Concat(OfRollout(spec, context)).Concat(OfNeeds(spec)),
        PlanAction.ValidateService validate => OfValidation(validate),
        _ => [],
    };

    private static IEnumerable<Fault> OfImage(ServiceSpec spec, PolicyContext context)
    {
        if (context.Service?.Spec?.Image is null)
            yield return new Fault("", $"no image is named, and the settings name none for {CodePoints.Show(spec.Name)}", "/image", $"image=NAME:TAG, or Services:Catalog:{spec.Name} in the settings");
    }

    private static IEnumerable<Fault> OfShape(ServiceSpec spec)
    {
        if (spec.Port is < 1 or > 65_535)
            yield return new Fault("", $"port is {spec.Port}", "/port", "1 to 65,535");
        if (spec.HealthPath is { } path && PathFault(path, "/health_path") is { } wrong)
            yield return wrong;
        if (spec.Volume is { } volume)
        {
            if (spec.Kind is not ServiceKind.Stateful || spec.Migration is true)
                yield return new Fault("", "a volume has one writer at a time", "/volume", "kind=stateful, without migration; or leave volume out");
            if (!IsFolder(volume))
                yield return new Fault("", $"{CodePoints.Show(volume)} is no folder for data", "/volume", "a folder such as /data, outside of /proc, /sys, /dev, /etc and /tmp");
        }

        if (spec.Args is { Count: > MostArguments } many)
            yield return new Fault("", $"{many.Count} arguments", "/args", $"at most {MostArguments}");
        for (var i = 0; i < Math.Min(spec.Args?.Count ?? 0, MostArguments); i++)
        {
            if (spec.Args![i].Length > LongestArgument || spec.Args[i].Contains('\0', StringComparison.Ordinal))
                yield return new Fault("", "the argument is too long or holds a NUL", $"/args/{i}", $"at most {LongestArgument} characters");
        }
    }

    private static IEnumerable<Fault> OfRollout(ServiceSpec spec, PolicyContext context)
    {
        // Judged as if a version served already: what is wrong then is wrong from the start.
        var order = new RolloutOrder(
            ServiceDefaults.StrategyOf(spec, RolloutStrategy.Rolling), NewVersion: 2, ServiceDefaults.ReplicasOf(spec), StableVersion: 1, StableReplicas: 1, spec.Weight,
            spec.Kind is ServiceKind.Stateful, spec.Migration ?? false);
        if (order.FaultIn() is { } fault)
            yield return fault;
        if (spec.Kind is ServiceKind.Stateful && ServiceDefaults.ReplicasOf(spec) > 1)
            yield return new Fault("", $"a stateful service with {spec.Replicas} replicas would have as many writers", "/replicas", "replicas=1");
        if (context.Service?.Known is { Scaling: not null } known && spec.Replicas is { } replicas && known.Scaling.Rule is var rule && (replicas < rule.Min || replicas > rule.Max))
            yield return new Fault("", $"{replicas} replicas lie outside of {rule.Min} to {rule.Max}, between which {known.Name} is scaled", "/replicas", $"{Math.Max(1, rule.Min)} to {rule.Max}, or change autoscale first");
    }

    private static IEnumerable<Fault> OfNeeds(ServiceSpec spec)
    {
        if (spec.Needs is { Count: > MostNeeds } many)
            yield return new Fault("", $"{many.Count} services are needed", "/needs", $"at most {MostNeeds}");
        for (var i = 0; i < Math.Min(spec.Needs?.Count ?? 0, MostNeeds); i++)
        {
            if (ServerName.Check(spec.Needs![i], $"/needs/{i}") is { } fault)
                yield return fault;
            if (spec.Needs[i] == spec.Name)
                yield return new Fault("", "a service cannot need itself", $"/needs/{i}", "leave it out");
        }
    }

    private static IEnumerable<Fault> OfValidation(PlanAction.ValidateService validate)
    {
        if (validate.Path is { } path && PathFault(path, "/path") is { } wrong)
            yield return wrong;
        if (validate.Requests is < 1 or > 1000)
            yield return new Fault("", $"requests is {validate.Requests}", "/requests", "1 to 1,000");
        if (validate.MaxLatencyMs is < 1 or > 600_000)
            yield return new Fault("", $"max_latency_ms is {validate.MaxLatencyMs}", "/max_latency_ms", "1 to 600,000");
    }

    private static bool IsFolder(string path) =>
        path is ['/', not '/', ..] && path.Length <= LongestPath && path[^1] != '/'
        && path.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && path.AsSpan().IndexOfAny(':', ',', '\\') < 0
        && path[1..].Split('/') is var names && names.All(name => name is not ("" or "." or ".."))
        && names[0] is not ("proc" or "sys" or "dev" or "etc" or "tmp");

    private static Fault? PathFault(string path, string at) =>
        path is ['/', ..] && path.Length <= LongestPath && path.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? null
            : new Fault("", $"{CodePoints.Show(path)} is no path", at, $"a path such as /healthz, at most {LongestPath} printable characters");
}
