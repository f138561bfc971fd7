using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Rollouts;
using static PolyClaw.Core.Tests.Services.Control.ServiceHouse;

namespace PolyClaw.Core.Tests.Services.Control;

[Trait("Promise", "P33")]
public sealed class UndoTests : IAsyncDisposable
{
    private readonly ServiceHouse _house = new();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_step_is_taken_back_to_what_was_before_it_whatever_was_tried_after_it()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2), "one"));
        await _house.PassAsync(_house.DeployAsync(Spec(2), "two"));
        _house.Workloads.Becomes = id => id.Version == 3 ? ReplicaState.Stopped : ReplicaState.Healthy;
        Assert.IsType<StepOutcome.Failed>(await _house.PassAsync(_house.DeployAsync(Spec(2), "three")));
        await _house.PassAsync(_house.UndoAsync("two"));
        Assert.Equal("v1 100 %: 2", _house.Traffic.Now);
    }

    [Fact]
    public async Task A_shift_is_taken_back_and_then_the_versions_it_lay_between()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2), "one"));
        await _house.PassAsync(_house.DeployAsync(Spec(2), "two"));
        await _house.PassAsync(_house.ShiftAsync(new PlanAction.ShiftTraffic("web", 1), "shift"));
        Assert.Equal("v1 100 %: 2", _house.Traffic.Now);
        await _house.PassAsync(_house.UndoAsync("shift"));
        Assert.Equal("v2 100 %: 2", _house.Traffic.Now);
        await _house.PassAsync(_house.UndoAsync("two"));
        Assert.Equal("v1 100 %: 2", _house.Traffic.Now);
        await _house.PassAsync(_house.UndoAsync("one"));
        await _house.PassUntilAsync(() => _house.Control.Count == 0);
        Assert.Equal(ResourceAmounts.None, _house.Ledger.Used("acme"));
    }

    [Fact]
    [Trait("Fault", "restart")]
    public async Task An_undo_that_was_cut_off_goes_on_and_deletes_nothing()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2), "one"));
        await _house.PassAsync(_house.DeployAsync(Spec(2), "two"));
        _house.Workloads.Becomes = _ => ReplicaState.Starting;
        _ = _house.UndoAsync("two");
        await _house.PassUntilAsync(() => _house.Control.Record("acme", "web")!.IsRolling);
        _house.Workloads.Becomes = _ => ReplicaState.Healthy;
        await _house.RestartAsync();
        foreach (var replica in _house.Workloads.List())
            _house.Workloads.Set(replica.Id, ReplicaState.Healthy);
        await _house.PassAsync(_house.UndoAsync("two"));
        Assert.Equal("v1 100 %: 2", _house.Traffic.Now);
    }

    [Fact]
    [Trait("Fault", "restart")]
    public async Task A_deletion_that_was_cut_off_goes_on_after_a_restart_and_nothing_is_deployed_into_it()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(2), "one"));
        _house.Workloads.Stays = true;
        _ = _house.DeleteAsync();
        await _house.PassUntilAsync(() => _house.Control.Record("acme", "web")!.Deleting);
        var failed = Assert.IsType<StepOutcome.Failed>(await _house.PassAsync(_house.DeployAsync(Spec(2), "two")));
        Assert.Equal("being_deleted", failed.Error.Code);
        await _house.RestartAsync();
        _house.Workloads.Stays = false;
        await _house.PassUntilAsync(() => _house.Control.Count == 0 && _house.Workloads.List().Count == 0);
    }

    [Fact]
    public void Of_two_steps_that_bring_up_the_same_version_one_is_told_to_wait()
    {
        _ = _house.Allowed(new PlanAction.DeployService(Spec()), "one");
        var denied = Assert.IsType<Verdict.Denied>(_house.Decide(new PlanAction.DeployService(Spec() with { Strategy = RolloutStrategy.Canary }), "two"));
        Assert.Equal("rule name_taken: version 1 of web is being brought up by another step", Assert.Single(denied.Denials).Message);
    }

    [Fact]
    [Trait("Promise", "P43")]
    [Trait("Fault", "engine")]
    public async Task An_engine_that_takes_all_replicas_with_it_makes_no_crash_loop()
    {
        await _house.PassAsync(_house.DeployAsync(Spec(20)));
        foreach (var replica in _house.Workloads.List())
            _house.Workloads.Set(replica.Id, ReplicaState.Stopped);
        await _house.PassUntilAsync(() => _house.Traffic.Now == "v1 100 %: 20", seconds: 60);
        Assert.DoesNotContain("crash_loop", _house.Told);
    }
}
