using System.Collections.Frozen;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary><see cref="PolicyOptions"/> in force: read once, immutable, every default decided.</summary>
internal sealed class PolicySettings
{
    private readonly TenantLimits _limits;
    private readonly FrozenDictionary<string, TenantLimits> _tenants;

    private PolicySettings(
        PolicyOptions options, bool beyondLoopback, TenantLimits limits, FrozenDictionary<string, TenantLimits> tenants, ImageAllowList images)
    {
        _limits = limits;
        _tenants = tenants;
        Images = images;
        RequireDigest = options.Images.RequireDigest ?? beyondLoopback;
        AllowPlainHttp = options.Remote.AllowPlainHttp;
        NeedApproval = (options.Approval.Actions ?? []).ToFrozenSet(StringComparer.Ordinal);
        LeastIsolation = options.LeastIsolation ?? (beyondLoopback ? Isolation.Container : Isolation.Process);
    }

    public ImageAllowList Images { get; }

    public bool RequireDigest { get; }

    public bool AllowPlainHttp { get; }

    public FrozenSet<string> NeedApproval { get; }

    public Isolation LeastIsolation { get; }

    public TenantLimits LimitsOf(string tenant) => _tenants.GetValueOrDefault(tenant, _limits);

    /// <summary>Reads the options; with faults, the settings are not to be used.</summary>
    public static PolicySettings Read(PolicyOptions options, bool beyondLoopback, out IReadOnlyList<Fault> faults)
    {
        var found = new List<Fault>();
        var limits = ReadLimits("Policy:Limits", options.Limits, new TenantOptions(), found);
        var tenants = new Dictionary<string, TenantLimits>(StringComparer.Ordinal);
        foreach (var (name, tenant) in options.Tenants)
        {
            var key = "Policy:Tenants:" + name;
            if (TenantName.Check(name, "Policy:Tenants") is { } fault)
                found.Add(fault);
            tenants[name] = ReadLimits(key, options.Limits, tenant, found);
        }

        if (options.LeastIsolation is { } least && (least == Isolation.Remote || !Enum.IsDefined(least)))
            found.Add(new Fault("invalid_option", $"{least} is no isolation of code that runs here", "Policy:LeastIsolation", "process, sandbox or container"));
        foreach (var action in options.Approval.Actions ?? [])
        {
            if (ActionFormat.ParametersType(action) is null)
                found.Add(new Fault("invalid_option", $"no action is called {CodePoints.Show(action)}", "Policy:Approval:Actions", "a wire name such as " + ActionNames.CreateMcpServer));
        }

        var images = ImageAllowList.Read(options.Images.Allow, "Policy:Images:Allow", found);
        faults = found;
        return new PolicySettings(options, beyondLoopback, limits, tenants.ToFrozenDictionary(StringComparer.Ordinal), images);
    }

    private static TenantLimits ReadLimits(string key, LimitOptions limits, TenantOptions tenant, List<Fault> faults)
    {
        if (!CpuQuantity.TryParse(tenant.Cpu ?? limits.Cpu, key + ":Cpu", out var cpu, out var fault))
            faults.Add(fault);
        if (!MemoryQuantity.TryParse(tenant.Memory ?? limits.Memory, key + ":Memory", out var memory, out fault))
            faults.Add(fault);
        if (!MemoryQuantity.TryParse(tenant.Storage ?? limits.Storage, key + ":Storage", out var storage, out fault))
            faults.Add(fault);
        return new TenantLimits(
            new ResourceAmounts(
                cpu.NanoCpus,
                memory.Bytes,
                storage.Bytes,
                Within(tenant.Servers ?? limits.Servers, 0, 1000, key + ":Servers"),
                Within(tenant.Pids ?? limits.Pids, 1, 1_000_000, key + ":Pids"),
                Within(tenant.Services ?? limits.Services, 0, 1000, key + ":Services"),
                Within(tenant.Replicas ?? limits.Replicas, 0, 10_000, key + ":Replicas")),
            Within(tenant.StepsPerRun ?? limits.StepsPerRun, 1, 10_000, key + ":StepsPerRun"));

        int Within(int value, int least, int most, string path)
        {
            if (value < least || value > most)
                faults.Add(new Fault("invalid_option", $"{value} is out of range", path, $"{least} to {most}"));
            return value;
        }
    }
}
