using Microsoft.Extensions.Logging;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution;

/// <summary>Everything a run driver works with.</summary>
internal sealed record RunWorld(
    Journal.Journal Journal,
    PolicyGate Gate,
    QuotaLedger Ledger,
    ActionHandlers Handlers,
    IPlanners Planners,
    IChildServers Servers,
    BlobStore Blobs,
    StepRunner Steps,
    ExecutionOptions Options,
    TimeProvider Clock,
    ILogger Log,
    bool AgentMayApprove)
{
    /// <summary>Told of a step's live messages: run, step, text.</summary>
    public Action<RunId, string, string> Progress { get; init; } = (_, _, _) => { };

    /// <summary>Lays out a run's files, before its end is written: who sees the end finds them.</summary>
    public Action<RunState> Publish { get; init; } = _ => { };
}
