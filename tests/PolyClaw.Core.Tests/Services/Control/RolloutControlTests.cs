using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Rollouts;
using static PolyClaw.Core.Tests.Services.Control.ServiceHouse;

namespace PolyClaw.Core.Tests.Services.Control;

public sealed class RolloutControlTests : IAsyncDisposable
{
    private static readonly RequestFigures Good = new(1000, 0, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(9));
    private static readonly RequestFigures Bad = Good with { Failures = 200 };

    private readonly ServiceHouse _house = new();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    [Trait("Promise", "P50")]
    public async Task A_first_version_has_its_replicas_and_all_the_traffic()
    {
        var outcome = Assert.IsType<StepOutcome.Succeeded>(await _house.PassAsync(_house.DeployAsync(Spec())));
        Assert.Equal("web v1 serves with 4 replicas at http://127.0.0.1:8480/web/", outcome.Message);
        Assert.Equal(["service/web"], outcome.Resources);
        Assert.Equal("v1 100 %: 4", _house.Traffic.Now);
        Assert.Equal(new ResourceAmounts(400_000_000, 256L << 20, 0, 0, 512, 1, 4), _house.Ledger.Used("acme"));
        Assert.Equal(["deployed"], _house.Told);
    }

    [Fact]
    [Trait("Promise", "P52")]
    public async Task A_canary_gets_a_tenth_of_the_traffic_first_and_all_of_it_while_it_does_well()
    {
        await _house.PassAsync(_house.DeployAsync(Spec()));
        _house.Traffic.Answers = _ => Good;
        await _house.PassAsync(_house.DeployAsync(Spec() with { Args = ["--version", "2"], Strategy = RolloutStrategy.Canary, Weight = 10 }, "two"));
        var shares = _house.Traffic.History.Select(h => h.Split(", ").LastOrDefault(v => v.StartsWith("v2", StringComparison.Ordinal))?.Split(' ')[1]).OfType<string>();
        Assert.Equal(["10", "25", "50", "100"], shares.Aggregate(new List<string>(), (seen, share) => seen.Contains(share) ? seen : [.. seen, share]));
        Assert.Equal("v2 100 %: 4", _house.Traffic.Now);
        Assert.All(_house.Workloads.List(), r => Assert.Equal(2, r.Id.Version));
        Assert.Equal(4, _house.Ledger.Used("acme").Replicas);
        Assert.Equal(1, _house.Ledger.Used("acme").Services);
    }

    [Fact]
    [Trait("Promise", "P54")]
    public async Task A_canary_that_fails_requests_is_given_up_and_nothing_of_it_is_left()
    {
        await _house.PassAsync(_house.DeployAsync(Spec()));
        _house.Traffic.Answers = version => version == 2 ? Bad : Good;
        var failed = Assert.IsType<StepOutcome.Failed>(await _house.PassAsync(_house.DeployAsync(Spec() with { Strategy = RolloutStrategy.Canary }, "two")));
        Assert.Equal("rolled_back", failed.Error.Code);
        Assert.StartsWith("version 2 of web was given up and removed: version 2 failed 200 of 1000 requests at 5 % of the traffic", failed.Error.Message, StringComparison.Ordinal);
        Assert.EndsWith("version 1 serves as before", failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal("v1 100 %: 4", _house.Traffic.Now);
        Assert.Equal(4, _house.Workloads.List().Count(r => r.Id.Version == 1));
        Assert.Equal(4, _house.Workloads.List().Count);
        Assert.Equal(4, _house.Ledger.Used("acme").Replicas);
        Assert.Equal(["deployed", "rolled_back"], _house.Told);
        Assert.NotNull(_house.Control.Find("acme", "web")!.Versions.Single(v => v.Version == 2).Error);
    }

    [Fact]
    [Trait("Promise", "P54")]
    public async Task A_version_that_dies_as_soon_as_it_starts_is_given_up_without_waiting_for_the_deadline()
    {
        await _house.PassAsync(_house.DeployAsync(Spec()));
        _house.Workloads.Becomes = id => id.Version == 2 ? ReplicaState.Stopped : ReplicaState.Healthy;
        var failed = Assert.IsType<StepOutcome.Failed>(await _house.PassAsync(_house.DeployAsync(Spec(), "two"), seconds: 30));
        Assert.Contains("exit code 1", failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal("v1 100 %: 4", _house.Traffic.Now);
    }

    [Fact]
    [Trait("Promise", "P33")]
    public async Task Of_a_first_version_that_cannot_be_started_nothing_is_left()
    {
        _house.Workloads.Refuses = _ => new WorkloadFault(new Fault("image_missing", "there is no image 'web:1'", "/image", "build it"), Transient: false);
        var failed = Assert.IsType<StepOutcome.Failed>(await _house.PassAsync(_house.DeployAsync(Spec())));
        Assert.Equal("version 1 of web was given up and removed: there is no image 'web:1'; nothing of it is left", failed.Error.Message);
        Assert.Equal(("/image", "build it"), (failed.Error.Path, failed.Error.Fix));
        await _house.PassUntilAsync(() => _house.Control.Count == 0);
        Assert.Equal(ResourceAmounts.None, _house.Ledger.Used("acme"));
        Assert.Equal("none", _house.Traffic.Now);
    }

    [Fact]
    [Trait("Promise", "P60")]
    [Trait("Fault", "restart")]
    public async Task A_canary_goes_on_where_it_stood_when_the_instance_is_back()
    {
        await _house.PassAsync(_house.DeployAsync(Spec()));
        _house.Traffic.Answers = _ => Good;
        using var stopping = new CancellationTokenSource();
        _ = _house.DeployAsync(Spec() with { Strategy = RolloutStrategy.Canary, Weight = 10 }, "two", stopping.Token);
        await _house.PassUntilAsync(() => _house.Traffic.Now.StartsWith("v1 75 %", StringComparison.Ordinal));
        var before = _house.Workloads.Started.Count;
        await _house.RestartAsync();
        await _house.PassUntilAsync(() => _house.Traffic.Now.StartsWith("v1 75 %", StringComparison.Ordinal));
        // The step is done again, finds what it had begun, and holds its quota once.
        await _house.PassAsync(_house.DeployAsync(Spec() with { Strategy = RolloutStrategy.Canary, Weight = 10 }, "two"));
        Assert.Equal("v2 100 %: 4", _house.Traffic.Now);
        Assert.Equal(8, _house.Workloads.Started.Select(s => s.Id).Distinct().Count());
        Assert.Equal(4, _house.Ledger.Used("acme").Replicas);
        Assert.InRange(_house.Workloads.Started.Count, before, 8);
    }

    [Fact]
    public async Task A_step_that_is_cut_off_gives_its_version_up()
    {
        await _house.PassAsync(_house.DeployAsync(Spec()));
        using var cancel = new CancellationTokenSource();
        var deploy = _house.DeployAsync(Spec() with { Strategy = RolloutStrategy.Canary }, "two", cancel.Token);
        await _house.PassUntilAsync(() => _house.Workloads.List().Any(r => r.Id.Version == 2));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _house.PassAsync(deploy));
        Assert.Equal("v1 100 %: 4", _house.Traffic.Now);
        Assert.Equal(4, _house.Workloads.List().Count);
    }

    [Fact]
    [Trait("Promise", "P33")]
    public async Task Undoing_a_deployment_brings_back_the_version_before_and_of_a_first_one_leaves_nothing()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(), "one"));
        await _house.PassAsync(_house.DeployAsync(Spec(2), "two"));
        Assert.Equal("v2 100 %: 2", _house.Traffic.Now);
        Assert.IsType<StepOutcome.Succeeded>(await _house.PassAsync(_house.UndoAsync("two")));
        Assert.Equal("v1 100 %: 4", _house.Traffic.Now);
        Assert.IsType<StepOutcome.Succeeded>(await _house.PassAsync(_house.UndoAsync("two")));
        Assert.Equal("v1 100 %: 4", _house.Traffic.Now);
        Assert.IsType<StepOutcome.Succeeded>(await _house.PassAsync(_house.DeleteAsync()));
        Assert.Equal((0, 0), (_house.Control.Count, _house.Workloads.List().Count));
        Assert.Equal(ResourceAmounts.None, _house.Ledger.Used("acme"));
    }

    [Fact]
    [Trait("Promise", "P50")]
    public async Task A_stateful_service_never_has_two_writers_and_its_volume_goes_with_it_alone()
    {
        var spec = Spec(1, "db") with { Kind = ServiceKind.Stateful, Volume = "/data" };
        await _house.PassAsync(_house.DeployAsync(spec, "one"));
        var most = 0;
        _house.Workloads.Changed += _ => most = Math.Max(most, _house.Workloads.List().Select(r => r.Id.Version).Distinct().Count());
        Assert.IsType<StepOutcome.Succeeded>(await _house.PassAsync(_house.DeployAsync(spec, "two")));
        Assert.Equal(1, most);
        Assert.All(_house.Workloads.Started, started => Assert.Equal("/data", started.Spec.Volume));
        Assert.Empty(_house.Workloads.VolumesRemoved);
        Assert.IsType<StepOutcome.Succeeded>(await _house.PassAsync(_house.DeleteAsync("db")));
        Assert.Equal(["db"], _house.Workloads.VolumesRemoved);
    }

    [Fact]
    public async Task Only_one_version_is_brought_up_at_a_time()
    {
        await _house.PassAsync(_house.DeployAsync(Spec()));
        _ = _house.DeployAsync(Spec() with { Strategy = RolloutStrategy.Canary }, "two");
        await _house.PassUntilAsync(() => _house.Control.Record("acme", "web")!.IsRolling);
        var denied = Assert.IsType<Verdict.Denied>(_house.Decide(new PlanAction.DeployService(Spec()), "three"));
        Assert.Contains("rule service: version 2 of web is being brought up", Assert.Single(denied.Denials).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "P23")]
    public async Task A_deployment_waits_for_what_it_needs_and_says_what_did_not_come()
    {
        var waits = _house.DeployAsync(Spec(1, "web") with { Needs = ["db"] });
        await _house.PassAsync(3);
        Assert.Empty(_house.Workloads.List());
        await _house.PassAsync(_house.DeployAsync(Spec(1, "db"), "db"));
        Assert.IsType<StepOutcome.Succeeded>(await _house.PassAsync(waits));
        var failed = Assert.IsType<StepOutcome.Failed>(await _house.PassAsync(_house.DeployAsync(Spec(1, "shop") with { Needs = ["mail"] }, "shop"), seconds: 400));
        Assert.Equal(("needs_missing", "/needs"), (failed.Error.Code, failed.Error.Path));
    }
}
