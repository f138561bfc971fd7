using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;
using static PolyClaw.Core.Tests.Services.Control.ServiceHouse;

namespace PolyClaw.Core.Tests.Services.Control;

public sealed class SupervisionTests : IAsyncDisposable
{
    private readonly ServiceHouse _house = new(options => options.Scaling = new() { HoldTime = TimeSpan.FromSeconds(20), DownWindow = TimeSpan.FromSeconds(20), IdleTime = TimeSpan.FromSeconds(30) });

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    [Trait("Promise", "P43")]
    public async Task A_replica_that_is_lost_is_replaced_and_takes_no_traffic_meanwhile()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(3)));
        var started = _house.Workloads.Started.Count;
        _house.Workloads.Set(new ReplicaId("acme", "web", 1, 2), ReplicaState.Stopped);
        await _house.PassUntilAsync(() => _house.Workloads.Started.Count > started && _house.Traffic.Now == "v1 100 %: 3");
        Assert.Contains("v1 100 %: 2", _house.Traffic.History);
        Assert.Contains("replaced", _house.Told);
    }

    [Fact]
    [Trait("Promise", "P43")]
    public async Task Replicas_that_die_as_fast_as_they_come_are_left_down_and_told_of_and_tried_again_later()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2)));
        _house.Workloads.Becomes = _ => ReplicaState.Stopped;
        foreach (var replica in _house.Workloads.List())
            _house.Workloads.Set(replica.Id, ReplicaState.Stopped, restarts: 5);
        await _house.PassUntilAsync(() => _house.Told.Contains("crash_loop"));
        var started = _house.Workloads.Started.Count;
        await _house.PassAsync(60);
        Assert.Equal(started, _house.Workloads.Started.Count);
        Assert.Equal("down", _house.Control.Find("acme", "web")!.State);
        _house.Workloads.Becomes = _ => ReplicaState.Healthy;
        await _house.PassUntilAsync(() => _house.Control.Find("acme", "web")!.State == "serving", seconds: 700);
        Assert.Single(_house.Told, "crash_loop");
    }

    [Fact]
    [Trait("Promise", "P43")]
    public async Task A_replica_that_stays_ill_is_replaced()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2)));
        var started = _house.Workloads.Started.Count;
        _house.Workloads.Set(new ReplicaId("acme", "web", 1, 1), ReplicaState.Unhealthy);
        await _house.PassAsync(50);
        Assert.Equal(started, _house.Workloads.Started.Count);
        await _house.PassUntilAsync(() => _house.Control.Find("acme", "web")!.State == "serving");
        Assert.True(_house.Workloads.Started.Count > started);
    }

    [Fact]
    [Trait("Promise", "P53")]
    public async Task A_number_that_is_asked_for_is_had_and_taken_back_by_undoing_it()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2)));
        Assert.IsType<StepOutcome.Succeeded>(await _house.PassAsync(_house.ScaleAsync(new PlanAction.Autoscale("web", To: 20))));
        Assert.Equal("v1 100 %: 20", _house.Traffic.Now);
        Assert.Equal(20, _house.Ledger.Used("acme").Replicas);
        await _house.PassAsync(_house.UndoAsync("scale"));
        await _house.PassUntilAsync(() => _house.Workloads.List().Count == 2);
        Assert.Equal(2, _house.Ledger.Used("acme").Replicas);
    }

    [Fact]
    [Trait("Promise", "P53")]
    public async Task A_service_that_follows_its_load_grows_with_it_and_comes_down_after_the_window()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2)));
        await _house.PassAsync(_house.ScaleAsync(new PlanAction.Autoscale("web", Min: 2, Max: 10, Target: new ScalingTargets(Concurrency: 4))));
        _house.Traffic.UnderWay = 16;
        await _house.PassUntilAsync(() => _house.Workloads.List().Count == 10);
        _house.Traffic.UnderWay = 0;
        await _house.PassAsync(10);
        Assert.Equal(10, _house.Workloads.List().Count);
        await _house.PassUntilAsync(() => _house.Workloads.List().Count == 2);
    }

    [Fact]
    [Trait("Promise", "P53")]
    public async Task A_service_that_may_sleep_does_and_a_request_wakes_it()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(1)));
        await _house.PassAsync(_house.ScaleAsync(new PlanAction.Autoscale("web", Min: 0, Max: 2, Target: new ScalingTargets(Concurrency: 4))));
        await _house.PassUntilAsync(() => _house.Control.Find("acme", "web")!.State == "asleep");
        await _house.PassUntilAsync(() => _house.Workloads.List().Count == 0);
        _house.Traffic.Want("acme", "web");
        await _house.PassUntilAsync(() => _house.Traffic.Now == "v1 100 %: 1");
    }

    [Fact]
    [Trait("Promise", "P21")]
    public async Task More_replicas_than_the_quota_has_room_for_are_denied_with_the_number_that_fits()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2)));
        var denied = Assert.IsType<Verdict.Denied>(_house.Decide(new PlanAction.Autoscale("web", To: 300), "s"));
        var denial = Assert.Single(denied.Denials);
        Assert.Equal(("/to", "to ≤ 80 fits your quota"), (denial.Path, denial.Fix));
        denied = Assert.IsType<Verdict.Denied>(_house.Decide(new PlanAction.DeployService(Spec(79)), "d"));
        Assert.Equal(("/replicas", "replicas ≤ 78 fits your quota"), (denied.Denials[0].Path, denied.Denials[0].Fix));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [Trait("BadInput", "replicas")]
    public async Task A_number_of_replicas_that_is_none_is_denied_by_its_name_and_holds_nothing(int replicas)
    {
        var denied = Assert.IsType<Verdict.Denied>(_house.Decide(new PlanAction.DeployService(Spec(replicas)), "first"));
        Assert.Contains(denied.Denials, d => d is { Path: "/replicas", Fix: "1 to 1,000" });
        await _house.PassAsync(_house.DeployAsync(Spec(2), "one"));
        Assert.Equal(2, _house.Workloads.Started.Count);
        if (replicas == 0)
            return;
        denied = Assert.IsType<Verdict.Denied>(_house.Decide(new PlanAction.Autoscale("web", To: replicas), "scale"));
        Assert.Contains(denied.Denials, d => d is { Path: "/to", Fix: "0 to 1,000" });
    }

    [Fact]
    [Trait("Fault", "restart")]
    public async Task What_runs_is_kept_when_the_instance_is_back()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(3)));
        var started = _house.Workloads.Started.Count;
        await _house.RestartAsync();
        await _house.PassUntilAsync(() => _house.Traffic.Now == "v1 100 %: 3");
        Assert.Equal(started, _house.Workloads.Started.Count);
        Assert.Equal((1, 3), (_house.Ledger.Used("acme").Services, _house.Ledger.Used("acme").Replicas));
    }
}
