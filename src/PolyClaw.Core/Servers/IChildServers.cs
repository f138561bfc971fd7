using System.Text.Json;
using System.Text.Json.Serialization;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Servers;

/// <summary>
/// Child MCP servers, seen from Core: the wall behind which Docker, processes and connections live. Acts only on a permit or a grant.
/// Ordinary ends come back as values; what throws is a bug or a broken machine.
/// </summary>
public interface IChildServers
{
    /// <summary>Makes a server and waits until it answers and its tools are listed. One with the same key that is already there is adopted.</summary>
    /// <param name="permit">For <see cref="Actions.PlanAction.CreateMcpServer"/>; its grant keeps the server running.</param>
    /// <param name="context">Key, files and progress.</param>
    /// <param name="cancellationToken">On cancellation what was begun is removed.</param>
    Task<ServerOutcome> CreateAsync(Permit permit, StepContext context, CancellationToken cancellationToken);

    /// <summary>Calls a tool; wakes an idle server first.</summary>
    /// <param name="permit">For <see cref="Actions.PlanAction.CallTool"/>.</param>
    /// <param name="progress">The child's progress messages, at most ten a second.</param>
    /// <param name="cancellationToken">Cancels the call at the child.</param>
    Task<ToolOutcome> CallAsync(Permit permit, IProgress<string> progress, CancellationToken cancellationToken);

    /// <summary>Removes a server and everything that bears its label. Removing what is not there succeeds.</summary>
    /// <param name="permit">For <see cref="Actions.PlanAction.DecommissionMcpServer"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the removal itself goes on.</param>
    Task<ServerOutcome> RemoveAsync(Permit permit, CancellationToken cancellationToken);

    /// <summary>Takes up the servers that the journal knows, at start: each is idle and wakes on use, and what is left of it in the world is removed.</summary>
    /// <param name="grants">One grant a server, re-issued by the gate from the journal, with what was known of it.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    Task RestoreAsync(IReadOnlyList<RestoredServer> grants, CancellationToken cancellationToken);

    /// <summary>The tenant's servers as they are now.</summary>
    /// <param name="tenant">Whose.</param>
    IReadOnlyList<ServerInfo> List(string tenant);

    /// <summary>One server, or nothing when there is none of that name for the tenant.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Its name.</param>
    ServerInfo? Find(string tenant, string name);

    /// <summary>What this machine runs children with, for views and <c>doctor</c>: runtime, isolation and why it was chosen.</summary>
    RuntimeInfo Runtime { get; }

    /// <summary>Told whenever a server's state changes. Called on the changer's thread: return quickly.</summary>
    event Action<ServerInfo>? Changed;
}

/// <summary>A server as the journal knew it.</summary>
/// <param name="Grant">The right to run it.</param>
/// <param name="Info">How it stood.</param>
/// <param name="Key">The idempotency key it was made with.</param>
/// <param name="Files">The bytes its spec names by <c>from</c>, by that name.</param>
public sealed record RestoredServer(Grant Grant, ServerInfo Info, string Key, Goals.IGoalFiles Files);

/// <summary>A server as it is now.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>tools</c>, <c>image</c>, <c>remote</c> or <c>host</c>.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Tools">What it lists, after our checks.</param>
/// <param name="Isolation">How it is kept from the host.</param>
/// <param name="Amounts">Its limits.</param>
/// <param name="StartedMs">Milliseconds from the first engine call to its first answer, at the last start.</param>
/// <param name="Warnings">Tools left out and why, texts that were cut, limits not enforced.</param>
/// <param name="Error">Why it is unhealthy.</param>
/// <param name="Key">The idempotency key it was made with: it tells this server from another of the same name made later. Nothing when it is not known.</param>
/// <param name="Location">The engine it runs on, by its name in the settings; nothing for the local one.</param>
public sealed record ServerInfo(
    string Tenant,
    string Name,
    string Kind,
    ServerState State,
    IReadOnlyList<ToolInfo> Tools,
    Isolation Isolation,
    ResourceAmounts Amounts,
    double StartedMs,
    IReadOnlyList<string> Warnings,
    Goals.Fault? Error = null,
    string? Key = null,
    string? Location = null)
{
    /// <summary>What a planner may use of it: nothing while it is being made or tried, or is quarantined.</summary>
    [JsonIgnore]
    public IReadOnlyList<ToolInfo> ToolsOnOffer => State is ServerState.Ready or ServerState.Idle or ServerState.Unhealthy ? Tools : [];
}

/// <summary>What children run with.</summary>
/// <param name="Name"><c>docker</c> or <c>local</c>.</param>
/// <param name="Isolation">The isolation it gives.</param>
/// <param name="Detail">Version, and why this one: for example that no Docker engine answered at which address.</param>
public sealed record RuntimeInfo(string Name, Isolation Isolation, string Detail)
{
    /// <summary>What is weak about it, each with what would help. Default none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How making or removing a server ended.</summary>
public abstract record ServerOutcome
{
    private ServerOutcome() { }

    /// <summary>It is as asked.</summary>
    /// <param name="Server">The server.</param>
    /// <param name="Adopted">It was there already, from an earlier attempt.</param>
    public sealed record Done(ServerInfo Server, bool Adopted = false) : ServerOutcome;

    /// <summary>It is not, and nothing of it is left.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="Transient">Whether trying again may help.</param>
    public sealed record Failed(Goals.Fault Error, bool Transient = false) : ServerOutcome;
}

/// <summary>How a tool call ended.</summary>
public abstract record ToolOutcome
{
    private ToolOutcome() { }

    /// <summary>The child answered; the answer may itself be an error that the caller should read.</summary>
    /// <param name="Result">The child's <c>CallToolResult</c>, verbatim but for the size caps.</param>
    /// <param name="IsError">Whether the child called it an error.</param>
    public sealed record Answered(JsonElement Result, bool IsError) : ToolOutcome;

    /// <summary>No answer, and the call surely had no effect: no such server or tool, bad arguments, the child was not reached.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="Transient">Whether trying again may help.</param>
    public sealed record NotCalled(Goals.Fault Error, bool Transient = false) : ToolOutcome;

    /// <summary>The child was reached and no usable answer came back; whether the call had its effect is unknown.</summary>
    /// <param name="Error">What happened: time, death, an unreadable answer.</param>
    /// <param name="TimedOut">The time limit passed.</param>
    public sealed record Lost(Goals.Fault Error, bool TimedOut = false) : ToolOutcome;
}
