using PolyClaw.Containers.Children.Wire;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <content>Whether it is well: probes, the end for want of use, and what follows a failure.</content>
internal sealed partial class ChildServer
{
    private const int TimeoutsInRow = 3;

    private void NoteFailure(TimeSpan uptime, Fault reason)
    {
        _backoff.Failed(uptime);
        LogUnhealthy(plan.Spec.Name, reason.Code);
        Tell(_info with { State = ServerState.Unhealthy, Error = reason });
        Run(RestartAsync);
    }

    // Behind the gate.
    private async Task FailAsync(LiveServer live, Fault reason)
    {
        Volatile.Write(ref _live, null);
        try
        {
            await live.Link.DisposeAsync();
        }
        finally
        {
            NoteFailure(clock.GetElapsedTime(live.Since), reason);
        }
    }

    private async Task WatchAsync(ChildLink link)
    {
        var reason = await link.Ended;
        await _gate.WaitAsync(_lifetime.Token);
        try
        {
            if (Volatile.Read(ref _live) is { } live && live.Link == link)
                await FailAsync(live, reason);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task RestartAsync()
    {
        if (Interlocked.Exchange(ref _restarting, 1) != 0)
            return;
        try
        {
            while (_backoff.MayRestart && _info.State == ServerState.Unhealthy)
            {
                await Task.Delay(_backoff.Left, clock, _lifetime.Token);
                await _gate.WaitAsync(_lifetime.Token);
                try
                {
                    if (_info.State == ServerState.Unhealthy && _backoff.Left == TimeSpan.Zero)
                        await StartAsync(Unheard.Instance, _lifetime.Token);
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        finally
        {
            Volatile.Write(ref _restarting, 0);
        }

        // A failure that came while this one was ending found it still there and left the work to it.
        if (_backoff.MayRestart && _info.State == ServerState.Unhealthy)
            Run(RestartAsync);
    }

    private async Task TickAsync()
    {
        await _gate.WaitAsync(_lifetime.Token);
        try
        {
            if (Volatile.Read(ref _live) is not { } live)
                return;
            var unused = clock.GetElapsedTime(Volatile.Read(ref _lastUsed));
            if (unused >= IdleAfter && await StopIdleAsync(live))
                return;
            if (unused >= options.HealthInterval && Volatile.Read(ref _inFlight) == 0)
                await ProbeAsync(live);
            _tick?.Change(NextTick(unused), Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> StopIdleAsync(LiveServer live)
    {
        Interlocked.Exchange(ref _live, null);
        if (Volatile.Read(ref _inFlight) > 0)
        {
            Volatile.Write(ref _live, live);
            return false;
        }

        // What is left of it has lost its connection; the next start under its name removes it, or the next life does.
        if (await StopAsync(live.Link) is { } left)
            LogNotStopped(plan.Spec.Name, left);
        Tell(_info with { State = ServerState.Idle });
        return true;
    }

    private async Task ProbeAsync(LiveServer live)
    {
        try
        {
            await live.Link.ProbeAsync(options.ProbeTimeout, _lifetime.Token);
        }
        catch (ChildFaultException broken)
        {
            await FailAsync(live, broken.Fault);
        }
    }

    private void Judge(LiveServer live, ToolOutcome outcome)
    {
        if (outcome is ToolOutcome.Answered)
            Volatile.Write(ref _timeouts, 0);
        else if (outcome is ToolOutcome.Lost { TimedOut: true })
            Run(() => SuspectAsync(live, Interlocked.Increment(ref _timeouts)));
    }

    // The call was cancelled at the child. One that still answers is let live, others may be at work in it; one that does not is ended.
    private async Task SuspectAsync(LiveServer live, int timeouts)
    {
        await _gate.WaitAsync(_lifetime.Token);
        try
        {
            if (Volatile.Read(ref _live)?.Link != live.Link)
                return;
            if (timeouts >= TimeoutsInRow)
                await FailAsync(live, new Fault("server_hangs", $"{timeouts} calls in a row got no answer in time"));
            else
                await ProbeAsync(live);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void ToolsChanged()
    {
        if (Interlocked.Exchange(ref _relisting, 1) == 0)
            Run(RelistAsync);
    }

    private async Task RelistAsync()
    {
        // A second of patience: servers that change many tools say so for each of them.
        await Task.Delay(TimeSpan.FromSeconds(1), clock, _lifetime.Token);
        await _gate.WaitAsync(_lifetime.Token);
        try
        {
            Volatile.Write(ref _relisting, 0);
            if (Volatile.Read(ref _live) is not { } live)
                return;
            var listing = await live.Link.ListAsync(options.ListTimeout, _lifetime.Token);
            if (_pins.Compare(listing) is { Count: > 0 } names)
            {
                await QuarantineAsync(live.Link, _info, names);
                return;
            }

            Volatile.Write(ref _live, live with { Tools = Tools(listing) });
            Tell(_info with { Tools = [.. listing.Tools.Select(tool => tool.Info)], Warnings = [.. listing.Warnings, .. plan.Warnings] });
        }
        catch (ChildFaultException broken)
        {
            if (Volatile.Read(ref _live) is { } live)
                await FailAsync(live, broken.Fault);
        }
        finally
        {
            _gate.Release();
        }
    }
}
