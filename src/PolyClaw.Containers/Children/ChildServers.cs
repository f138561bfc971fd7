using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <summary>All child servers of the instance, each with a life of its own: one that dies or hangs never holds up another, or a listing.</summary>
internal sealed partial class ChildServers(
    PlacedRuntimes runtimes, ServerStarter starter, IOptions<RuntimeOptions> options, IOptions<PolicyOptions> policy, IHostFacts hosts, TimeProvider clock, ILogger<ChildServers> logger)
    : IChildServers, IAsyncDisposable
{
    private readonly ConcurrentDictionary<ServerKey, ChildServer> _servers = new();

    /// <inheritdoc/>
    public RuntimeInfo Runtime => runtimes.Current;

    /// <inheritdoc/>
    public event Action<ServerInfo>? Changed;

    /// <inheritdoc/>
    public async Task<ServerOutcome> CreateAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        permit.Use<PlanAction.CreateMcpServer>();
        var grant = permit.Grant ?? throw new InvalidOperationException("A permit to make a server carries the grant to run it.");
        var plan = ServerPlanning.Plan(grant, context.IdempotencyKey, context.RunId?.Value ?? "", context.Files, policy.Value.Remote.AllowPlainHttp, out var faults);
        if (faults.Count > 0)
            return new ServerOutcome.Failed(ServerPlanning.OneFault(faults));

        var key = new ServerKey(grant.Tenant, grant.Spec.Name);
        var fresh = Server(plan, ServerState.Creating, []);
        var server = _servers.GetOrAdd(key, fresh);
        if (server != fresh)
            return await AdoptAsync(server, plan, cancellationToken);
        Raise(server.Info);
        var made = false;
        try
        {
            var outcome = await server.CreateAsync(context.Progress, cancellationToken);
            made = outcome is ServerOutcome.Done;
            return outcome;
        }
        finally
        {
            if (!made)
                _servers.TryRemove(new(key, server));
        }
    }

    /// <inheritdoc/>
    public Task<ToolOutcome> CallAsync(Permit permit, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var call = permit.Use<PlanAction.CallTool>();
        if (_servers.TryGetValue(new ServerKey(permit.Tenant, call.Server), out var server))
            return server.CallAsync(call, progress, cancellationToken);
        var names = List(permit.Tenant).Select(info => info.Name);
        return Task.FromResult<ToolOutcome>(new ToolOutcome.NotCalled(new Fault(
            "server_unknown", $"there is no server '{call.Server}'", "/server", NearestNames.Hint(call.Server, names, "server yet; create one first"))));
    }

    /// <inheritdoc/>
    public async Task<ServerOutcome> RemoveAsync(Permit permit, CancellationToken cancellationToken)
    {
        var name = permit.Use<PlanAction.DecommissionMcpServer>().Name;
        var key = new ServerKey(permit.Tenant, name);
        if (!_servers.TryGetValue(key, out var server))
        {
            var gone = new ServerInfo(permit.Tenant, name, "unknown", ServerState.Removed, [], Runtime.Isolation, ResourceAmounts.None, 0, []);
            return new ServerOutcome.Done(gone);
        }

        return await RemoveAsync(key, server).WaitAsync(cancellationToken) is { } left
            ? new ServerOutcome.Failed(left.Fault, left.Transient)
            : new ServerOutcome.Done(server.Info);
    }

    /// <inheritdoc/>
    public async Task RestoreAsync(IReadOnlyList<RestoredServer> grants, CancellationToken cancellationToken)
    {
        foreach (var restored in grants)
        {
            var plan = ServerPlanning.Plan(restored.Grant, restored.Key, "", restored.Files, policy.Value.Remote.AllowPlainHttp, out var faults);
            var info = faults.Count == 0
                ? restored.Info with { State = restored.Info.State == ServerState.Quarantined ? ServerState.Quarantined : ServerState.Idle }
                : restored.Info with { State = ServerState.Quarantined, Error = ServerPlanning.OneFault(faults) };
            var server = new ChildServer(plan, info, starter, options.Value, hosts, clock, Raise, logger);
            if (_servers.TryAdd(new ServerKey(plan.Tenant, plan.Spec.Name), server))
                Raise(info);
        }

        try
        {
            foreach (var name in await runtimes.SweepAsync(cancellationToken))
                LogSwept(name);
        }
        catch (RuntimeFaultException refused)
        {
            // A runtime that does not answer now is swept when it is back; servers are usable all the same.
            LogNotSwept(refused.Fault.ToString());
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ServerInfo> List(string tenant) =>
        [.. _servers.Where(pair => pair.Key.Tenant == tenant).Select(pair => pair.Value.Info).OrderBy(info => info.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public ServerInfo? Find(string tenant, string name) => _servers.TryGetValue(new ServerKey(tenant, name), out var server) ? server.Info : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_servers.Values.Select(server => server.DisposeAsync().AsTask()));
        }
        finally
        {
            await runtimes.DisposeAsync();
        }
    }

    private ChildServer Server(ServerPlan plan, ServerState state, IReadOnlyList<Core.Tools.ToolInfo> tools)
    {
        var isolation = plan.Spec.Source is ServerSource.Remote ? Isolation.Remote
            // Elsewhere there are containers and nothing else.
            : plan.Spec.Location is null ? Runtime.Isolation : Isolation.Container;
        var info = new ServerInfo(plan.Tenant, plan.Spec.Name, plan.Spec.Source.Kind, state, tools, isolation, plan.Grant.Amounts, 0, plan.Warnings, Key: plan.Key, Location: plan.Spec.Location);
        return new ChildServer(plan, info, starter, options.Value, hosts, clock, Raise, logger);
    }

    private static async Task<ServerOutcome> AdoptAsync(ChildServer server, ServerPlan plan, CancellationToken cancellationToken)
    {
        if (server.Key != plan.Key)
        {
            return new ServerOutcome.Failed(new Fault(
                "name_taken",
                $"there is a server '{plan.Spec.Name}' already, made by another step",
                "/name",
                "use that server, choose another name, or remove it first"));
        }

        await server.SettledAsync(cancellationToken);
        return server.Info.State == ServerState.Removed
            ? new ServerOutcome.Failed(new Fault("server_removed", $"server '{plan.Spec.Name}' was not made by the attempt before this one"), Transient: true)
            : new ServerOutcome.Done(server.Info, Adopted: true);
    }

    // Goes on though nobody waits any more. A server of which something is left stays listed, with why, so that it can be removed again.
    private async Task<RuntimeFaultException?> RemoveAsync(ServerKey key, ChildServer server)
    {
        var left = await server.RemoveAsync();
        if (left is null)
            _servers.TryRemove(new(key, server));
        return left;
    }

    private void Raise(ServerInfo info)
    {
        try
        {
            Changed?.Invoke(info);
        }
        catch (Exception bug)
        {
            // A listener's bug must not stop a server in the middle of a change.
            LogListener(info.Name, bug);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Name}, left over from an earlier life")]
    private partial void LogSwept(string name);

    [LoggerMessage(LogLevel.Warning, "Left-overs could not be looked for: {Reason}")]
    private partial void LogNotSwept(string reason);

    [LoggerMessage(LogLevel.Error, "A listener to the change of server {Server} broke")]
    private partial void LogListener(string server, Exception exception);
}
