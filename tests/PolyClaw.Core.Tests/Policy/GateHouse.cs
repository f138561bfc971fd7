using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Policy;

/// <summary>A gate with its ledger, and actions to bring before it.</summary>
internal sealed class GateHouse
{
    public static readonly JsonElement AnyObject = JsonDocument.Parse("""{"type":"object"}""").RootElement;
    public static readonly Principal Agent = new("acme", "a client", PrincipalKind.Agent);

    public GateHouse(PolicyOptions? options = null, Isolation isolation = Isolation.Container, bool beyondLoopback = false) =>
        Gate = new PolicyGate(Ledger, options ?? Options(), new PolicySurroundings(() => Epoch, () => isolation, beyondLoopback) { Locations = () => Locations });

    /// <summary>Limits that a test can count with, whatever the defaults are.</summary>
    public static PolicyOptions Options() => new() { Limits = { Cpu = "4", Memory = "8Gi", Pids = 4096 } };

    public QuotaLedger Ledger { get; } = new();

    /// <summary>The engines of the settings.</summary>
    public IReadOnlyCollection<string> Locations { get; set; } = [];

    public PolicyGate Gate { get; }

    public long Epoch { get; set; } = 7;

    public static PlanAction.CreateMcpServer ToolServer(string name = "sales", ServerResources? resources = null) =>
        new(new ServerSpec(name, new ServerSource.Tools([new ToolCode("total", "Adds up.", AnyObject, "(input) => input")]), resources));

    public static PlanAction.CreateMcpServer Image(string reference, ServerResources? resources = null) =>
        new(new ServerSpec("fetch", new ServerSource.Image(reference), resources));

    public static PlanAction.CreateMcpServer Host(ServerResources? resources = null, string? location = null) =>
        new(new ServerSpec("host-1", new ServerSource.Host(), resources, Location: location));

    public static PlanAction.CreateMcpServer Remote(string url) => new(new ServerSpec("far", new ServerSource.Remote(url)));

    public Verdict Decide(PlanAction action, bool approved = false) => Gate.Decide(new GateRequest(Agent, action, Approved: approved));

    public Permit Allowed(PlanAction action, bool approved = false)
    {
        var verdict = Decide(action, approved);
        Assert.True(verdict is Verdict.Allowed, verdict is Verdict.Denied denied ? string.Join("; ", denied.Denials) : verdict.ToString());
        return ((Verdict.Allowed)verdict).Permit;
    }

    public IReadOnlyList<Fault> Denied(PlanAction action)
    {
        var before = Ledger.Used(Agent.Tenant);
        var denials = Assert.IsType<Verdict.Denied>(Decide(action)).Denials;
        Assert.NotEmpty(denials);
        Assert.All(denials, d => Assert.Equal(PolicyGate.DeniedCode, d.Code));
        Assert.Equal(before, Ledger.Used(Agent.Tenant));
        return denials;
    }

    public Fault DeniedOnce(PlanAction action) => Assert.Single(Denied(action));
}
