using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp;

/// <summary>The handle and the direct answer to a long goal: wait as long as the caller may, tell of progress, ask its person, else say how to go on.</summary>
internal sealed class RunWaiting(Runs runs, RequestSeal seal, TimeProvider clock)
{
    /// <summary>Under the 60 s after which many clients give a call up.</summary>
    public const int DefaultSeconds = 45;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static Fault Unknown(string run) => new("unknown_run", $"there is no run {run}", "/run_id", "list_runs names those there are");

    /// <summary>What is no run id at all. The schemas bound its length alone: a pattern costs the first call of an instance its engine's start.</summary>
    public static Fault Malformed(string run) => new("bad_run_id", $"'{run}' is no run id", "/run_id", "run_ and 22 letters, digits, '-' or '_', as plan_and_execute returned it");

    /// <summary>Waits for a run and returns it as it then is; asks the caller's person where it can and must.</summary>
    public async Task<(RunView?, Fault?)> ForAsync(RunId run, TimeSpan wait, SurfaceCall call, CancellationToken cancellationToken, long? after = null)
    {
        await runs.WaitAsync(call.Principal.Tenant, run, wait, call.Report, cancellationToken);
        if (runs.Find(call.Principal.Tenant, run, after) is not { } view)
            return (null, Unknown(run.Value));
        call.AskPerson(view, seal);
        return (view, null);
    }

    /// <summary>Waits for a run that was told to stop: also for one that still shows the question it was stopped at.</summary>
    public async Task<(RunView?, Fault?)> ForEndAsync(RunId run, TimeSpan wait, SurfaceCall call, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (runs.Find(call.Principal.Tenant, run) is not { } view)
                return (null, Unknown(run.Value));
            if (view.Status.IsTerminal() || clock.GetElapsedTime(began) >= wait)
                return (view, null);
            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    /// <summary>
    /// Goes on with the run that an earlier round of this very call asked about, and takes its person's answer. Nothing is begun anew, whatever
    /// the arguments say: the call has had its effect already.
    /// </summary>
    public async Task<(RunView?, Fault?)> AgainAsync(SurfaceCall call, TimeSpan wait, CancellationToken cancellationToken, long? after = null)
    {
        var (opened, refusal) = call.Again(seal);
        if (opened is not { } again)
            return (null, refusal);
        if (runs.Find(call.Principal.Tenant, again.Run) is not { } view)
            return (null, Unknown(again.Run.Value));
        if (again.Answer is not { } answer)
            return await ForAsync(again.Run, wait, call, cancellationToken, after);
        if (answer is { Approve: null, Text: null })
            return (runs.Find(call.Principal.Tenant, again.Run, after) ?? view, null); // Closed without an answer: the question stays, and get_run may ask again.
        // The seal says that we asked this caller this, and its client says that it has a dialog: then a person has spoken, whoever makes the calls.
        var speaker = call.CanAsk ? call.Principal with { Kind = PrincipalKind.Person } : call.Principal;
        return await runs.AnswerAsync(speaker, again.Run, again.InputId, answer.Approve, answer.Text) is { } fault
            ? (null, fault)
            : await ForAsync(again.Run, wait, call, cancellationToken, after);
    }
}
