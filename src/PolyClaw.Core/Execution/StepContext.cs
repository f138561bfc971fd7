using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Execution;

/// <summary>What a handler may know of the run it works for.</summary>
/// <param name="RunId">The run; nothing for a direct call.</param>
/// <param name="StepId">The step.</param>
/// <param name="IdempotencyKey">Same key, same effect: SHA-256 over tenant, run and step. Names and labels are made from it.</param>
/// <param name="Files">Files of the goal.</param>
/// <param name="Progress">Short live messages; never journaled, never needed.</param>
public sealed record StepContext(
    RunId? RunId,
    string StepId,
    string IdempotencyKey,
    IGoalFiles Files,
    IProgress<string> Progress)
{
    /// <summary>Servers that the run's own steps made or called so far. Default none.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>Asks a person and waits; the question and its answer lie in the journal. Nothing for a direct call, which cannot wait.</summary>
    public Func<Journal.InputKind, string, IReadOnlyList<string>, CancellationToken, Task<string>>? Ask { get; init; }

    /// <summary>Cancelled when the instance lets go of the run, which another one takes up: then what is under way goes on. Default never.</summary>
    public CancellationToken LetGo { get; init; }
}
