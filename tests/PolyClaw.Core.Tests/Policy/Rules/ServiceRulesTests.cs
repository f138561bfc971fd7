using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Policy.Rules;

public sealed class ServiceRulesTests
{
    private readonly QuotaLedger _ledger = new();
    private readonly Dictionary<string, ServiceRecord> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServerInfo> _servers = new(StringComparer.Ordinal);
    private Isolation _isolation = Isolation.Container;

    [Theory]
    [InlineData("/replicas", "1 to 1,000", 0)]
    [InlineData("/replicas", "1 to 1,000", -1)]
    [InlineData("/replicas", "1 to 1,000", 1_000_000_000)]
    [InlineData("/replicas", "1 to 1,000", int.MinValue)]
    [Trait("BadInput", "replicas")]
    public void A_number_of_replicas_that_is_none_is_refused(string path, string fix, int replicas) =>
        Refused(Deploy(replicas), path, fix);

    [Theory]
    [InlineData("/port", 0, "/healthz", "web:1")]
    [InlineData("/port", 65_536, "/healthz", "web:1")]
    [InlineData("/health_path", 80, "healthz", "web:1")]
    [InlineData("/health_path", 80, "/a b", "web:1")]
    [InlineData("/health_path", 80, "/\n", "web:1")]
    [InlineData("/image", 80, "/healthz", "WEB:1")]
    [InlineData("/image", 80, "/healthz", "-rf")]
    [InlineData("/image", 80, "/healthz", null)]
    [Trait("BadInput", "service_spec")]
    public void What_is_no_port_path_or_image_is_refused_by_its_place(string path, int port, string health, string? image) =>
        Assert.Contains(Denials(new PlanAction.DeployService(new ServiceSpec("web", image, Port: port, HealthPath: health))), d => d.Path == path);

    [Theory]
    [InlineData("Web")]
    [InlineData("-web")]
    [InlineData("polyclaw-web")]
    [InlineData("web/../db")]
    [InlineData("")]
    [Trait("BadInput", "service_name")]
    public void A_name_that_is_no_label_is_refused_for_every_action(string name)
    {
        PlanAction[] actions =
        [
            new PlanAction.DeployService(new ServiceSpec(name, "web:1")), new PlanAction.ValidateService(name), new PlanAction.ShiftTraffic(name, 1),
            new PlanAction.Autoscale(name, To: 2), new PlanAction.DeleteService(name),
        ];
        Assert.All(actions, action => Assert.Contains(Denials(action), d => d.Path == "/name"));
    }

    [Fact]
    public void A_missing_image_is_the_one_of_the_catalogue() =>
        Assert.Equal("catalogue:1", Allowed(new PlanAction.DeployService(new ServiceSpec("known"))).Service!.Spec.Image);

    [Fact]
    public void Services_need_containers()
    {
        _isolation = Isolation.Sandbox;
        Assert.Contains(Denials(Deploy(1)), d => d.Message.StartsWith("rule service: services run in containers", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stateful_service_has_one_writer_and_no_second_set_beside_it()
    {
        var spec = new ServiceSpec("db", "db:1", Kind: ServiceKind.Stateful);
        Assert.Contains(Denials(new PlanAction.DeployService(spec with { Replicas = 2 })), d => d.Path == "/replicas");
        Assert.Contains(Denials(new PlanAction.DeployService(spec with { Strategy = RolloutStrategy.BlueGreen })), d => d.Path == "/strategy");
        Allowed(new PlanAction.DeployService(spec));
        Allowed(new PlanAction.DeployService(spec with { Name = "db-two", Strategy = RolloutStrategy.BlueGreen, Migration = true }));
    }

    [Fact]
    public void Only_a_canary_has_a_weight()
    {
        Allowed(new PlanAction.DeployService(new ServiceSpec("web", "web:1", Weight: 10)));
        Refused(new PlanAction.DeployService(new ServiceSpec("shop", "web:1", Weight: 10, Strategy: RolloutStrategy.Rolling)), "/weight", "strategy=canary, or leave weight out");
    }

    [Fact]
    public void What_is_done_to_a_service_that_is_not_there_is_refused()
    {
        PlanAction[] actions = [new PlanAction.ValidateService("web"), new PlanAction.ShiftTraffic("web", 1), new PlanAction.Autoscale("web", To: 2), new PlanAction.DeleteService("web")];
        Assert.All(actions, action => Refused(action, "/name", "one that list_services names, or deploy it first"));
    }

    [Fact]
    public void Traffic_goes_only_to_versions_that_are_known_and_do_not_have_it_already()
    {
        Serves("web", replicas: 2, versions: 3);
        Refused(new PlanAction.ShiftTraffic("web", 7), "/version", "one of 1, 2, 3");
        Refused(new PlanAction.ShiftTraffic("web", 3), "/version", "leave this out, or name another version");
        Refused(new PlanAction.ShiftTraffic("web", 2, 0), "/weight", "1 to 100 percent");
        Assert.Equal(2, Allowed(new PlanAction.ShiftTraffic("web", 2)).Service!.Version);
    }

    [Theory]
    [InlineData(null, null, null, "/to")]
    [InlineData(1001, null, null, "/to")]
    [InlineData(-1, null, null, "/to")]
    [InlineData(null, 5, 4, "/min")]
    [InlineData(9, 1, 8, "/to")]
    [Trait("BadInput", "replicas")]
    public void A_wish_for_replicas_that_cannot_be_is_refused(int? to, int? min, int? max, string path)
    {
        Serves("web", replicas: 2);
        Assert.Contains(Denials(new PlanAction.Autoscale("web", to, min, max)), d => d.Path == path);
    }

    [Fact]
    [Trait("Promise", "P21")]
    public void Both_versions_of_a_service_count_until_one_of_them_is_gone()
    {
        var spec = new ServiceSpec("web", "web:1", 4, new ServerResources("1", "1Gi"));
        Allowed(new PlanAction.DeployService(spec));
        Serves("web", replicas: 4);
        Assert.Contains("cpu 5, and 4 of 8 is free", Assert.Single(Denials(new PlanAction.DeployService(spec with { Replicas = 5 }))).Message, StringComparison.Ordinal);
        Allowed(new PlanAction.DeployService(spec));
        Assert.Equal((8_000_000_000, 8, 1), (_ledger.Used("acme").NanoCpus, _ledger.Used("acme").Replicas, _ledger.Used("acme").Services));
    }

    [Fact]
    public void A_step_that_is_done_again_finds_its_own_version_and_holds_nothing_twice()
    {
        var first = Allowed(Deploy(2), "key");
        Serves("web", replicas: 2, key: "key");
        var again = Allowed(Deploy(2), "key");
        Assert.Equal((1, 1, true), (first.Service!.Version, again.Service!.Version, again.Reservation.IsEmpty));
        Assert.Equal(2, _ledger.Used("acme").Replicas);
        Assert.Equal(2, Allowed(Deploy(2), "another").Service!.Version);
    }

    [Fact]
    public void A_service_on_a_host_server_draws_on_what_is_reserved_there()
    {
        Refused(new PlanAction.DeployService(new ServiceSpec("web", "web:1", On: "edge")), "/on", "create mcp-server NAME cpu= memory=, then on=NAME");
        _servers["edge"] = new ServerInfo(
            "acme", "edge", "host", ServerState.Ready, [], Isolation.Container, new ResourceAmounts(2_000_000_000, 4L << 30, 20L << 30, 1, 64), 1, [], Location: "pop-up-nyc");
        var spec = new ServiceSpec("web", "web:1", 4, new ServerResources("500m", "1Gi"), On: "edge");
        Refused(new PlanAction.DeployService(spec with { Replicas = 5 }), "/on", "replicas ≤ 4 fits on it");
        var permit = Allowed(new PlanAction.DeployService(spec));
        Assert.Equal("pop-up-nyc", permit.Service!.Spec.Location);
        Assert.Equal(new ResourceAmounts(0, 0, 0, 0, 512, 1, 4), permit.Reservation.Amounts);
        Assert.Equal(500_000_000, permit.Service.Replica.NanoCpus);
        Serves("web", replicas: 4, grant: permit.Service.ToRecord());
        Refused(new PlanAction.DecommissionMcpServer("edge"), "/name", "delete the services first");
        Assert.Contains(Denials(new PlanAction.DeployService(spec with { Name = "shop", Replicas = 1 })), d => d.Path == "/on");
    }

    private static PlanAction.DeployService Deploy(int replicas) => new(new ServiceSpec("web", "web:1", replicas, new ServerResources("100m", "64Mi")));

    private void Serves(string name, int replicas, int versions = 1, string key = "made", ServiceGrantRecord? grant = null)
    {
        var spec = new ServiceSpec(name, "web:1", replicas);
        _services[name] = new ServiceRecord(
            "acme", name,
            [.. Enumerable.Range(1, versions).Select(n => new VersionRecord(
                n, grant ?? new ServiceGrantRecord("acme", spec, n, new ResourceAmounts(100_000_000, 64L << 20, Replicas: 1), "digest"), key, null, n == versions ? replicas : 0, DateTimeOffset.UnixEpoch))],
            versions);
    }

    private void Refused(PlanAction action, string path, string fix)
    {
        var denials = Denials(action);
        Assert.Contains(denials, d => d.Path == path && d.Fix == fix);
    }

    private IReadOnlyList<Fault> Denials(PlanAction action) => Assert.IsType<Verdict.Denied>(Decide(action, null)).Denials;

    private Permit Allowed(PlanAction action, string? key = null)
    {
        var verdict = Decide(action, key);
        Assert.True(verdict is Verdict.Allowed, verdict is Verdict.Denied denied ? string.Join("; ", denied.Denials) : verdict.ToString());
        return ((Verdict.Allowed)verdict).Permit;
    }

    private Verdict Decide(PlanAction action, string? key)
    {
        var around = new PolicySurroundings(() => 1, () => _isolation)
        {
            Service = (_, name) => _services.GetValueOrDefault(name),
            Services = _ => [.. _services.Values],
            Server = (_, name) => _servers.GetValueOrDefault(name),
            Catalog = name => name == "known" ? "catalogue:1" : null,
            Locations = () => ["pop-up-nyc"],
        };
        return new PolicyGate(_ledger, new PolicyOptions { Limits = { Cpu = "8", Memory = "16Gi" } }, around).Decide(new GateRequest(GateHouse.Agent, action, Key: key));
    }
}
