using Microsoft.Extensions.Logging;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <content>What a server says when it cannot be called, and its work in the background.</content>
internal sealed partial class ChildServer
{
    private TimeSpan IdleAfter => TimeSpan.FromMinutes(plan.Spec.IdleMinutes ?? 10);

    // What is sure without waking it.
    private ToolOutcome.NotCalled? KnownProblem(PlanAction.CallTool call)
    {
        var info = _info;
        if (info.State is ServerState.Quarantined or ServerState.Removed)
            return Down();
        return info.State == ServerState.Idle && info.Tools.Count > 0 && !info.Tools.Any(tool => tool.Name == call.Tool)
            ? UnknownTool(call.Tool, info.Tools.Select(tool => tool.Name))
            : null;
    }

    private ToolOutcome.NotCalled UnknownTool(string tool, IEnumerable<string> known) => new(new Fault(
        "tool_unknown", $"server '{plan.Spec.Name}' has no tool '{tool}'", "/tool", NearestNames.Hint(tool, known, "tool on it")));

    private ToolOutcome.NotCalled Down()
    {
        var info = _info;
        return info.State switch
        {
            ServerState.Removed => new(new Fault("server_unknown", $"server '{plan.Spec.Name}' was removed", "/server")),
            ServerState.Quarantined when info.Error is { } error => new(error),
            _ => new(
                new Fault(
                    "server_unhealthy",
                    $"server '{plan.Spec.Name}' is down: {info.Error?.Message ?? "it is being stopped"}",
                    "/server",
                    _backoff.Left is var left && left > TimeSpan.Zero ? $"it is tried again in {Math.Ceiling(left.TotalSeconds):0} s" : info.Error?.Fix),
                Transient: true),
        };
    }

    private TimeSpan NextTick(TimeSpan unused)
    {
        var left = IdleAfter - unused;
        var next = left > TimeSpan.Zero && left < options.HealthInterval ? left : options.HealthInterval;
        return next < TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(100) : next;
    }

    private void Tell(ServerInfo info)
    {
        _info = info;
        changed(info);
    }

    // The edge of all work that nobody waits for.
    private void Run(Func<Task> work) => _ = RunAsync(work);

    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_lifetime.IsCancellationRequested)
        {
            // The server was removed meanwhile.
        }
        catch (Exception bug)
        {
            LogBug(plan.Spec.Name, bug);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Server {Server} is unhealthy: {Code}")]
    private partial void LogUnhealthy(string server, string code);

    [LoggerMessage(LogLevel.Warning, "Server {Server} could not be removed from its runtime; what is left of it is removed at its next start, or by the next sweep")]
    private partial void LogNotStopped(string server, Exception cause);

    [LoggerMessage(LogLevel.Error, "Work on server {Server} broke")]
    private partial void LogBug(string server, Exception exception);
}
