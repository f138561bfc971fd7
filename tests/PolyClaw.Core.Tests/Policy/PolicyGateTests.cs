using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Policy;

[Trait("Promise", "P20")]
public class PolicyGateTests
{
    private readonly GateHouse _house = new();

    [Fact]
    public void An_allowed_server_gets_a_permit_bound_to_action_tenant_epoch_and_quota()
    {
        var action = GateHouse.ToolServer();
        var permit = _house.Allowed(action);
        Assert.Equal("acme", permit.Tenant);
        Assert.Equal(ActionDigest.Of(action), permit.Digest);
        Assert.Equal(7, permit.Epoch);
        Assert.Equal("server/sales", permit.Reservation.Owner);
        Assert.Equal(new ResourceAmounts(NanoCpus: 500_000_000, MemoryBytes: 128 << 20, Servers: 1, Pids: 64), permit.Reservation.Amounts);
        Assert.Equal(permit.Reservation.Amounts, _house.Ledger.Used("acme"));
        Assert.Same(action, permit.Use<PlanAction.CreateMcpServer>());
        Assert.Throws<InvalidOperationException>(permit.Use<PlanAction.CreateMcpServer>);
    }

    [Fact]
    public void The_grant_of_a_server_is_bounded_by_the_very_spec_that_was_allowed()
    {
        var action = GateHouse.ToolServer();
        var grant = _house.Allowed(action).Grant!;
        Assert.Same(action.Spec, grant.Spec);
        Assert.Equal("acme", grant.Tenant);
        Assert.Equal(ActionDigest.Of(action), grant.SpecSha256);
        Assert.Equal(64, grant.Amounts.Pids);
    }

    [Theory]
    [Trait("Promise", "P21")]
    [InlineData("image", 1_000_000_000, 256, 128)]
    [InlineData("tools", 500_000_000, 128, 64)]
    [InlineData("remote", 0, 0, 0)]
    public void What_is_left_out_is_filled_in_by_hardening_tier(string kind, long nanoCpus, long mib, int pids)
    {
        var amounts = _house.Allowed(kind switch
        {
            "image" => GateHouse.Image("mcp/fetch"),
            "tools" => GateHouse.ToolServer(),
            _ => GateHouse.Remote("https://mcp.example.com/mcp"),
        }).Reservation.Amounts;
        Assert.Equal(new ResourceAmounts(nanoCpus, mib << 20, 0, 1, pids), amounts);
    }

    [Fact]
    public void An_action_that_makes_nothing_holds_nothing_and_has_no_grant()
    {
        var permit = _house.Allowed(new PlanAction.CallTool("sales", "total"));
        Assert.True(permit.Reservation.IsEmpty);
        Assert.Null(permit.Grant);
        Assert.Equal(ResourceAmounts.None, _house.Ledger.Used("acme"));
    }

    [Fact]
    [Trait("Promise", "P24")]
    public void Every_failing_rule_is_told_at_once_with_rule_value_limit_place_and_what_would_pass()
    {
        var denials = _house.Denied(new PlanAction.CreateMcpServer(new ServerSpec(
            "Sales",
            new ServerSource.Image("UPPER/x"),
            new ServerResources(Cpu: "64", Memory: "1gb", Pids: -7),
            Network: "host",
            Env: new Dictionary<string, string> { ["LD_PRELOAD"] = "/tmp/x.so" },
            IdleMinutes: 0)));
        Assert.Equal(
            ["/name", "/source/image", "/resources/memory", "/resources/pids", "/resources/cpu", "/network", "/env/LD_PRELOAD", "/idle_minutes"],
            denials.Select(d => d.Path));
        Assert.All(denials, d =>
        {
            Assert.StartsWith("rule ", d.Message, StringComparison.Ordinal);
            Assert.NotNull(d.Fix);
        });
        var cpu = denials.Single(d => d.Path == "/resources/cpu");
        Assert.Equal("rule cpu: 64 is more than the 4 that the tenant may hold", cpu.Message);
        Assert.Equal("cpu ≤ 4 fits your quota", cpu.Fix);
    }

    [Fact]
    [Trait("Promise", "P24")]
    public void What_would_fit_is_what_is_free_now()
    {
        _house.Allowed(GateHouse.ToolServer("big", new ServerResources(Memory: "7424Mi")));
        var denial = _house.DeniedOnce(GateHouse.ToolServer("next", new ServerResources(Memory: "1Gi")));
        Assert.Equal("rule memory: 1Gi does not fit: 768Mi of 8Gi is free", denial.Message);
        Assert.Equal("memory ≤ 768Mi fits your quota", denial.Fix);
        _house.Allowed(GateHouse.ToolServer("next", new ServerResources(Memory: "768Mi")));
    }

    [Theory]
    [Trait("Promise", "P21")]
    [Trait("BadInput", "B35")]
    [InlineData("/resources/cpu", "5", null, null, null)]
    [InlineData("/resources/memory", null, "9Gi", null, null)]
    [InlineData("/resources/memory", null, "9223372036854775807", null, null)]
    [InlineData("/resources/memory", null, "1Ki", null, null)]
    [InlineData("/resources/storage", null, null, "21Gi", null)]
    [InlineData("/resources/pids", null, null, null, 4097)]
    public void Each_amount_is_held_against_the_tenants_limit(string path, string? cpu, string? memory, string? storage, int? pids) =>
        Assert.Equal(path, _house.DeniedOnce(GateHouse.ToolServer("sales", new ServerResources(cpu, memory, storage, pids))).Path);

    [Theory]
    [Trait("BadInput", "B36")]
    [InlineData(-7)]
    [InlineData(0)]
    [InlineData(int.MinValue)]
    public void Fewer_than_one_process_is_refused(int pids)
    {
        var denial = _house.DeniedOnce(GateHouse.ToolServer("sales", new ServerResources(Pids: pids)));
        Assert.Equal("/resources/pids", denial.Path);
        Assert.Contains("at least 1", denial.Fix, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B36")]
    public void One_process_is_allowed() =>
        Assert.Equal(1, _house.Allowed(GateHouse.ToolServer("sales", new ServerResources(Pids: 1))).Reservation.Amounts.Pids);

    [Fact]
    [Trait("BadInput", "B34")]
    public void Asking_what_is_free_reads_quantities_as_strictly()
    {
        Assert.Equal("/resources/cpu", _house.DeniedOnce(new PlanAction.CheckResourceAvailability(new ServerResources(Cpu: "1,5"))).Path);
        _house.Allowed(new PlanAction.CheckResourceAvailability(new ServerResources(Cpu: "999")));
    }

    [Fact]
    [Trait("Promise", "P21")]
    public void Servers_are_counted_and_count_again_when_one_is_gone()
    {
        var house = new GateHouse(new PolicyOptions { Limits = { Servers = 2 } });
        house.Allowed(GateHouse.ToolServer("a"));
        var second = house.Allowed(GateHouse.ToolServer("b"));
        Assert.Contains("rule servers: all 2", house.DeniedOnce(GateHouse.ToolServer("c")).Message, StringComparison.Ordinal);
        Assert.True(house.Ledger.Release(second.Reservation));
        house.Allowed(GateHouse.ToolServer("c"));
    }

    [Fact]
    [Trait("Promise", "P21")]
    public void A_tenant_has_limits_and_use_of_its_own()
    {
        var options = GateHouse.Options();
        options.Limits.Servers = 1;
        options.Tenants["acme"] = new TenantOptions { Servers = 2, Memory = "1Gi" };
        var house = new GateHouse(options);
        house.Allowed(GateHouse.ToolServer("a"));
        house.Allowed(GateHouse.ToolServer("b"));
        house.Denied(GateHouse.ToolServer("c"));
        Assert.Equal(2, house.Gate.Quota("acme").Limits.Servers);
        Assert.Equal(768L << 20, house.Gate.Quota("acme").Free.MemoryBytes);
        Assert.Equal(4_000_000_000, house.Gate.Quota("acme").Limits.NanoCpus);
        Assert.Equal(1, house.Gate.Quota("other").Free.Servers);
    }

    [Fact]
    public void A_name_is_taken_while_its_server_exists()
    {
        var first = _house.Allowed(GateHouse.ToolServer());
        Assert.Equal("/name", _house.DeniedOnce(GateHouse.ToolServer()).Path);
        Assert.True(_house.Ledger.Keep(first.Reservation));
        Assert.Equal("/name", _house.DeniedOnce(GateHouse.ToolServer()).Path);
        Assert.True(_house.Ledger.Free("acme", first.Reservation.Owner));
        _house.Allowed(GateHouse.ToolServer());
    }

    [Theory]
    [Trait("Promise", "P21")]
    [InlineData(499, 10_000, true)]
    [InlineData(500, 10_000, false)]
    [InlineData(9, 10, true)]
    [InlineData(10, 10, false)]
    public void A_run_starts_so_many_steps(int started, int own, bool allowed)
    {
        var verdict = _house.Gate.Decide(new GateRequest(
            GateHouse.Agent, new PlanAction.CallTool("sales", "total"), RunId.New(), started, new RunLimits { Steps = own }));
        Assert.Equal(allowed, verdict is Verdict.Allowed);
    }

    [Theory]
    [Trait("BadInput", "B30")]
    [InlineData("s\u0430les", "total", "/server")]
    [InlineData("sales", "to\u0000tal", "/tool")]
    public void Names_of_targets_keep_to_their_grammar(string server, string tool, string path) =>
        Assert.Equal(path, _house.DeniedOnce(new PlanAction.CallTool(server, tool)).Path);

    [Fact]
    [Trait("BadInput", "B30")]
    public void A_tenant_that_is_none_gets_nothing()
    {
        var verdict = _house.Gate.Decide(new GateRequest(new Principal("a/../b", "x", PrincipalKind.Person), new PlanAction.CallTool("sales", "total")));
        Assert.Contains("U+002F", Assert.Single(Assert.IsType<Verdict.Denied>(verdict).Denials).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_is_asked_where_the_options_say_so_and_nothing_is_held_meanwhile()
    {
        var house = new GateHouse(new PolicyOptions { Approval = { Actions = [ActionNames.CreateMcpServer] } });
        var verdict = Assert.IsType<Verdict.NeedsApproval>(house.Decide(GateHouse.ToolServer()));
        Assert.Equal(PolicyGate.ApprovalCode, Assert.Single(verdict.Reasons).Code);
        Assert.Equal(ResourceAmounts.None, house.Ledger.Used("acme"));
        house.Allowed(GateHouse.ToolServer(), approved: true);
        house.Allowed(new PlanAction.CallTool("sales", "total"));
    }

    [Fact]
    public void A_denial_wins_over_approval_and_approval_lifts_no_denial()
    {
        var house = new GateHouse(new PolicyOptions { Approval = { Actions = [ActionNames.CreateMcpServer] } });
        house.Denied(GateHouse.ToolServer("Bad"));
        Assert.IsType<Verdict.Denied>(house.Decide(GateHouse.ToolServer("Bad"), approved: true));
    }

    [Fact]
    public void Undoing_is_stopped_by_no_budget_and_no_approval()
    {
        var house = new GateHouse(new PolicyOptions { Approval = { Actions = [ActionNames.DecommissionMcpServer] } });
        Assert.IsType<Verdict.NeedsApproval>(house.Decide(new PlanAction.DecommissionMcpServer("sales")));
        var undo = Assert.IsType<Verdict.Allowed>(house.Gate.DecideUndo("acme", new PlanAction.DecommissionMcpServer("sales"))).Permit;
        Assert.Equal("sales", undo.Use<PlanAction.DecommissionMcpServer>().Name);
        Assert.Equal(7, undo.Epoch);
    }

    [Fact]
    public void Nothing_but_what_frees_passes_as_an_undo()
    {
        Assert.IsType<Verdict.Denied>(_house.Gate.DecideUndo("acme", GateHouse.ToolServer()));
        Assert.IsType<Verdict.Denied>(_house.Gate.DecideUndo("acme", new PlanAction.CallTool("sales", "delete")));
        Assert.IsType<Verdict.Denied>(_house.Gate.DecideUndo("acme", new PlanAction.DecommissionMcpServer("../x")));
    }

    [Fact]
    public void A_grant_is_issued_again_from_its_record_and_holds_its_quota_again()
    {
        var record = _house.Allowed(GateHouse.ToolServer()).Grant!.ToRecord();
        var later = new GateHouse(new PolicyOptions { Limits = { Servers = 0 } });
        var grant = later.Gate.Reissue("acme", record);
        Assert.Equal(record, grant.ToRecord());
        Assert.Equal(record.Amounts, later.Ledger.Used("acme"));
        later.Gate.Reissue("acme", record);
        Assert.Equal(record.Amounts, later.Ledger.Used("acme"));
    }

    [Fact]
    public void A_record_of_another_tenant_or_of_another_spec_makes_no_grant()
    {
        var record = _house.Allowed(GateHouse.ToolServer()).Grant!.ToRecord();
        var later = new GateHouse();
        Assert.Throws<InvalidDataException>(() => later.Gate.Reissue("other", record));
        Assert.Throws<InvalidDataException>(() => later.Gate.Reissue("acme", record with { Spec = record.Spec with { Name = "evil" } }));
        Assert.Throws<InvalidDataException>(() => later.Gate.Reissue("acme", record with { SpecSha256 = new string('0', 64) }));
        Assert.Throws<InvalidDataException>(() => later.Gate.Reissue("acme", record with { Amounts = new ResourceAmounts(Pids: -7) }));
        Assert.Equal(ResourceAmounts.None, later.Ledger.Used("acme"));
    }

    [Fact]
    [Trait("Threat", "T20")]
    public async Task Of_64_servers_asked_for_at_once_against_a_quota_of_10_exactly_10_are_allowed()
    {
        var house = new GateHouse(new PolicyOptions { Limits = { Servers = 10, Cpu = "64", Memory = "64Gi" } });
        using var start = new Barrier(4);
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Enumerable.Range(0, 16).Select(i => house.Decide(GateHouse.ToolServer($"s{lane}-{i}"))).ToList();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Equal(10, verdicts.SelectMany(v => v).Count(v => v is Verdict.Allowed));
        Assert.Equal(54, verdicts.SelectMany(v => v).Count(v => v is Verdict.Denied));
        Assert.Equal(10, house.Ledger.Used("acme").Servers);
    }

    [Fact]
    public void The_epoch_is_asked_at_each_decision()
    {
        _house.Epoch = 8;
        Assert.Equal(8, _house.Allowed(new PlanAction.CallTool("sales", "total")).Epoch);
    }

    [Fact]
    public void A_gate_is_not_made_from_wrong_options()
    {
        var error = Assert.Throws<ArgumentException>(() => new GateHouse(new PolicyOptions { Limits = { Cpu = "a lot" } }));
        Assert.Contains("Policy:Limits:Cpu", error.Message, StringComparison.Ordinal);
    }
}
