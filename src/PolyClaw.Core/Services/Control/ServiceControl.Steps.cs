using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Services.Control;

// What steps of plans do to services. Each may be done again after a crash: it then finds what it had begun.
public sealed partial class ServiceControl
{
    private const string GoingBackKey = "/undo";
    private static readonly TimeSpan GoBackWithin = TimeSpan.FromSeconds(60);

    /// <summary>Brings up a version and waits until it serves, or is given up.</summary>
    /// <param name="permit">For <see cref="PlanAction.DeployService"/>.</param>
    /// <param name="context">Key and progress.</param>
    /// <param name="cancellationToken">On cancellation the version is given up.</param>
    internal async Task<StepOutcome> DeployAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var spec = permit.Use<PlanAction.DeployService>().Spec;
        if (await ReadyAsync(cancellationToken) is { } away)
            return away;
        if (await NeedsAsync(permit.Tenant, spec.Needs ?? [], context.Progress, cancellationToken) is { } missing)
            return new StepOutcome.Failed(missing);
        var order = new RolloutOrder(
            ServiceDefaults.StrategyOf(spec, _world.Options.Strategy), permit.Service!.Version, ServiceDefaults.ReplicasOf(spec), FirstWeight: spec.Weight,
            Stateful: spec.Kind is ServiceKind.Stateful, Migration: spec.Migration ?? false);
        return await RollAsync(permit, order, context, cancellationToken);
    }

    /// <summary>Gives the traffic to a version that ran before, and waits until it serves.</summary>
    /// <param name="permit">For <see cref="PlanAction.ShiftTraffic"/>.</param>
    /// <param name="context">Key and progress.</param>
    /// <param name="cancellationToken">On cancellation the version is given up.</param>
    internal async Task<StepOutcome> ShiftAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var shift = permit.Use<PlanAction.ShiftTraffic>();
        if (await ReadyAsync(cancellationToken) is { } away)
            return away;
        var (spec, known) = (permit.Service!.Spec, Record(permit.Tenant, shift.Name));
        var order = Back(spec, shift.Version, Math.Max(1, known?.Version(known.Stable)?.Replicas ?? 1), shift.Weight);
        return await RollAsync(permit, order, context, cancellationToken);
    }

    /// <summary>Changes how many replicas there are, and waits until they are there.</summary>
    /// <param name="permit">For <see cref="PlanAction.Autoscale"/>.</param>
    /// <param name="context">Key and progress.</param>
    /// <param name="cancellationToken">Gives up waiting; what was asked for stays.</param>
    internal async Task<StepOutcome> ScaleAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var wish = permit.Use<PlanAction.Autoscale>();
        if (await ReadyAsync(cancellationToken) is { } away)
            return away;
        if (!_loops.TryGetValue((permit.Tenant, wish.Name), out var loop))
            return Unknown(permit.Tenant, wish.Name);
        await loop.UntilAsync(record => !record.IsRolling, () => context.Progress.Report("waits until its versions have changed places"), cancellationToken);
        if (await loop.ScaleAsync(wish, context.IdempotencyKey) is { } refused)
            return new StepOutcome.Failed(refused);
        // Until the number that was asked for has been decided, and then until so many are healthy.
        var least = wish.To ?? 0;
        var deadline = _world.Clock.GetUtcNow() + _world.Options.Rollouts.ProgressDeadline;
        await loop.UntilAsync(
            record => Healthy(loop) is var healthy && ((healthy >= least && healthy >= (record.Version(record.Stable)?.Replicas ?? 0)) || _world.Clock.GetUtcNow() > deadline),
            () => Report(loop, context), cancellationToken);
        var present = Healthy(loop);
        return present >= least
            ? Done($"{wish.Name} has {present} replicas{(loop.Record.Scaling is { } scaling ? $", and follows its load between {scaling.Rule.Min} and {scaling.Rule.Max}" : "")}", loop, present)
            : new StepOutcome.Failed(new Fault("not_healthy", $"{present} of {least} replicas of {wish.Name} are healthy after {_world.Options.Rollouts.ProgressDeadline.TotalSeconds:0} s", "/to", $"'services logs {wish.Name}' may say why"));
    }

    /// <summary>Removes a service, and waits until nothing of it is left.</summary>
    /// <param name="permit">For <see cref="PlanAction.DeleteService"/>.</param>
    /// <param name="context">Progress.</param>
    /// <param name="cancellationToken">Gives up waiting; the removal goes on.</param>
    internal async Task<StepOutcome> DeleteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var name = permit.Use<PlanAction.DeleteService>().Name;
        return await DeleteAsync(permit.Tenant, name, context, cancellationToken);
    }

    /// <summary>Takes back what one step did, and nothing else.</summary>
    /// <param name="permit">For <see cref="PlanAction.UndoService"/>.</param>
    /// <param name="context">Progress.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    internal async Task<StepOutcome> TakeBackAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var undo = permit.Use<PlanAction.UndoService>();
        if (!_loops.TryGetValue((permit.Tenant, undo.Name), out var loop) || loop.IsGone)
            return new StepOutcome.Succeeded($"{undo.Name} was gone already");
        if (await ReadyAsync(cancellationToken) is { } away)
            return away;
        if (await loop.UnscaleAsync(undo.Key))
            return new StepOutcome.Succeeded($"{undo.Name} has as many replicas as before");
        // It was begun before this instance: what is under way comes to its end.
        await loop.UntilAsync(r => !r.IsRolling || r.RolloutKey != undo.Key + GoingBackKey, () => Report(loop, context), cancellationToken);
        var record = loop.Record;
        var made = record.Versions.FirstOrDefault(version => version.Key == undo.Key);
        var shifted = made is null && record.RolloutKey == undo.Key ? record.Rollout?.Order : null;
        if ((made?.Number ?? shifted?.NewVersion) is not { } number)
            return new StepOutcome.Succeeded($"nothing of it is left in {undo.Name}");
        if (record.IsRolling && record.Rollout!.Order.NewVersion == number)
        {
            await loop.GiveUpAsync(number, new Fault("undone", "its run is rolled back"));
            await loop.UntilAsync(r => !r.IsRolling, () => Report(loop, context), cancellationToken);
            return new StepOutcome.Succeeded($"version {number} of {undo.Name} does not come");
        }

        if (record.Stable != number)
            return new StepOutcome.Succeeded($"version {number} of {undo.Name} does not serve any more");
        if ((made?.Before ?? shifted?.StableVersion) is not { } before)
            return await DeleteAsync(permit.Tenant, undo.Name, context, cancellationToken);
        return record.Version(before) is { } stable
            ? await GoBackAsync(loop, stable, Math.Max(1, made?.ReplicasBefore ?? shifted!.StableReplicas), undo.Key, context, cancellationToken)
            : new StepOutcome.Failed(new Fault("version_forgotten", $"version {before} of {undo.Name}, which served before, is not remembered any more", Fix: $"'services show {undo.Name}' lists those that are"));
    }

    private async Task<StepOutcome> GoBackAsync(ServiceLoop loop, VersionRecord stable, int replicas, string key, StepContext context, CancellationToken cancellationToken)
    {
        var grant = _world.Gate.Reissue(loop.Tenant, stable.Grant, 0, bearsService: false);
        if (!_world.Gate.TryHold(grant, replicas, bearsService: false))
            return new StepOutcome.Failed(new Fault("quota", $"{replicas} replicas of version {stable.Number} do not fit the quota beside those of the present one", Fix: $"'services scale {loop.Name}' to fewer, then 'services rollback {loop.Name}'"));
        if (await loop.RollAsync(grant, Reservation.Nothing(loop.Tenant), Back(grant.Spec, stable.Number, replicas, null), key + GoingBackKey, context.RunId) is { } refused)
        {
            _world.Gate.TryHold(grant, 0, bearsService: false);
            return new StepOutcome.Failed(refused);
        }

        await loop.UntilAsync(record => !record.IsRolling, () => Report(loop, context), cancellationToken);
        return loop.Record.Stable == stable.Number
            ? new StepOutcome.Succeeded($"version {stable.Number} of {loop.Name} serves again")
            : new StepOutcome.Failed(ServiceFaults.GivenUp(loop.Name, stable.Number, loop.Record.Stable, loop.Record.Rollout!.Reason!));
    }

    // All at once where the old may still run beside the new.
    private static RolloutOrder Back(ServiceSpec spec, int version, int replicas, int? weight)
    {
        var (stateful, migration) = (spec.Kind is ServiceKind.Stateful, spec.Migration ?? false);
        var strategy = stateful && !migration ? RolloutStrategy.Rolling : weight is null or 100 ? RolloutStrategy.BlueGreen : RolloutStrategy.Canary;
        return new RolloutOrder(strategy, version, replicas, FirstWeight: strategy is RolloutStrategy.Canary ? weight : null, Stateful: stateful, Migration: migration);
    }

    private async Task<StepOutcome> RollAsync(Permit permit, RolloutOrder order, StepContext context, CancellationToken cancellationToken)
    {
        var grant = permit.Service!;
        var loop = LoopOf(grant.Tenant, grant.Spec.Name);
        if (await loop.RollAsync(grant, permit.Reservation, order, context.IdempotencyKey, context.RunId) is { } refused)
        {
            if (loop.Record.Versions.Count == 0 && _loops.TryRemove(new((grant.Tenant, grant.Spec.Name), loop)))
                await loop.DisposeAsync();
            return new StepOutcome.Failed(refused);
        }

        try
        {
            await loop.UntilAsync(record => IsOver(record, grant.Version), () => Report(loop, context), cancellationToken);
        }
        catch (OperationCanceledException) when (!context.LetGo.IsCancellationRequested && !_stop.IsCancellationRequested)
        {
            await loop.GiveUpAsync(grant.Version, new Fault("cancelled", "its step was cut off"));
            using var bound = new CancellationTokenSource(GoBackWithin, _world.Clock);
            await loop.UntilAsync(record => IsOver(record, grant.Version), () => Report(loop, context), bound.Token);
            throw;
        }

        return End(loop, grant);
    }

    private StepOutcome End(ServiceLoop loop, ServiceGrant grant)
    {
        var record = loop.Record;
        if (record.Stable == grant.Version && !loop.IsGone)
        {
            var replicas = record.Version(grant.Version)!.Replicas;
            return Done($"{loop.Name} v{grant.Version} serves with {replicas} replicas at {_world.Traffic.AddressOf(loop.Tenant, loop.Name)}", loop, replicas);
        }

        var why = record.Rollout?.Reason ?? record.Version(grant.Version)?.Error ?? new Fault("gone", "the service was deleted meanwhile");
        return new StepOutcome.Failed(ServiceFaults.GivenUp(loop.Name, grant.Version, record.Stable > 0 ? record.Stable : null, why));
    }

    private static bool IsOver(ServiceRecord record, int version) => !record.IsRolling || record.Rollout!.Order.NewVersion != version;

    private async Task<StepOutcome> DeleteAsync(string tenant, string name, StepContext context, CancellationToken cancellationToken)
    {
        if (!_loops.TryGetValue((tenant, name), out var loop))
            return new StepOutcome.Succeeded($"{name} was gone already");
        if (await ReadyAsync(cancellationToken) is { } away)
            return away;
        try
        {
            await loop.DeleteAsync();
        }
        catch (OperationCanceledException) when (loop.IsGone)
        {
            // It went by itself in that moment.
        }

        await loop.UntilAsync(_ => false, () => Report(loop, context), cancellationToken);
        return new StepOutcome.Succeeded($"{name} is gone");
    }

    private async Task<StepOutcome?> ReadyAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        await _world.Workloads.OpenAsync(cancellationToken);
        return await _world.Traffic.OpenAsync(cancellationToken) is { } closed ? new StepOutcome.Failed(closed) : null;
    }

    /// <summary>Waits until the services that are needed are healthy.</summary>
    private async Task<Fault?> NeedsAsync(string tenant, IReadOnlyList<string> needs, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var began = _world.Clock.GetTimestamp();
        while (needs.Where(name => Find(tenant, name) is not { Stable: > 0, State: "serving" or "degraded" or "rolling" or "asleep" }).ToList() is { Count: > 0 } missing)
        {
            if (_world.Clock.GetElapsedTime(began) >= _world.Options.NeedsWithin)
                return new Fault("needs_missing", $"{string.Join(", ", missing)} did not get healthy within {_world.Options.NeedsWithin.TotalSeconds:0} s", "/needs", "deploy what is needed first, or leave it out");
            progress.Report($"waits for {string.Join(", ", missing)}");
            await Task.Delay(TimeSpan.FromMilliseconds(500), _world.Clock, cancellationToken);
        }

        return null;
    }

    private int Healthy(ServiceLoop loop) =>
        _world.Workloads.List().Count(r => r.Id.Tenant == loop.Tenant && r.Id.Service == loop.Name && r.Id.Version == loop.Record.Stable && r.State is ReplicaState.Healthy);

    private void Report(ServiceLoop loop, StepContext context) => context.Progress.Report(ServiceText.Of(ServiceViews.Of(loop, _world)));

    private StepOutcome.Succeeded Done(string message, ServiceLoop loop, int replicas) => new(
        message,
        System.Text.Json.JsonSerializer.SerializeToElement(
            new ServiceData(loop.Name, loop.Record.Stable, replicas, _world.Traffic.AddressOf(loop.Tenant, loop.Name)?.ToString()), Execution.Handlers.HandlerJson.Default.ServiceData),
        Resources: ["service/" + loop.Name]);

    private StepOutcome.Failed Unknown(string tenant, string name) => new(ServiceFaults.Unknown(name, _loops.Keys.Where(key => key.Tenant == tenant).Select(key => key.Name)));

    private ServiceLoop LoopOf(string tenant, string name)
    {
        // One loop a service: a second one would take the replicas of the first for too much.
        lock (_publishing)
        {
            if (_loops.TryGetValue((tenant, name), out var there) && !there.IsGone)
                return there;
            var loop = new ServiceLoop(new ServiceRecord(tenant, name, [], 0), [], _world, Publish);
            _loops[(tenant, name)] = loop;
            loop.Begin();
            return loop;
        }
    }
}

/// <summary>What a step on a service offers to later steps.</summary>
internal sealed record ServiceData(string Name, int Version, int Replicas, string? Address);
