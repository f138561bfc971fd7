using System.Security.Cryptography;
using System.Text;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning;

/// <summary>
/// Notices that a run goes in circles: the same action with the same outcome three times, two actions taking turns over six steps, or three
/// new plans in a row without one step that newly succeeded. Pure: feed it what the journal holds, in order.
/// </summary>
public sealed class StuckDetector
{
    private const int SameOutcomes = 3;
    private const int Turns = 6;
    private const int FruitlessPlans = 3;

    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _achieved = new(StringComparer.Ordinal);
    private readonly Queue<string> _recent = new();
    private int _fruitless;
    private bool _progress = true;

    /// <summary>Takes note of a step that ended.</summary>
    /// <param name="action">The action, references expanded.</param>
    /// <param name="outcome">How it ended.</param>
    /// <returns>Why the run should stop, or nothing.</returns>
    public Fault? Note(PlanAction action, StepOutcome outcome)
    {
        var digest = ActionDigest.Of(action);
        var what = digest + Digest(outcome);
        if (outcome is StepOutcome.Succeeded && _achieved.Add(what))
            _progress = true;
        _seen[what] = _seen.GetValueOrDefault(what) + 1;
        _recent.Enqueue(digest);
        if (_recent.Count > Turns)
            _recent.Dequeue();
        if (_seen[what] >= SameOutcomes)
            return Stuck($"{action.ActionName} was done {SameOutcomes} times with the same outcome");
        return TakesTurns() ? Stuck($"two actions, {action.ActionName} among them, took turns over {Turns} steps") : null;
    }

    /// <summary>Takes note that a new plan is wanted.</summary>
    /// <returns>Why the run should stop, or nothing.</returns>
    public Fault? NoteReplan()
    {
        _fruitless = _progress ? 0 : _fruitless;
        _progress = false;
        return ++_fruitless > FruitlessPlans ? Stuck($"{FruitlessPlans} new plans brought nothing new") : null;
    }

    private bool TakesTurns()
    {
        if (_recent.Count < Turns)
            return false;
        var steps = _recent.ToArray();
        return steps[0] != steps[1] && Enumerable.Range(2, Turns - 2).All(i => steps[i] == steps[i - 2]);
    }

    private static string Digest(StepOutcome outcome)
    {
        var data = outcome switch
        {
            StepOutcome.Succeeded { Data: { } value } => CanonicalJson.Write(value),
            StepOutcome.Failed { Error: var error } => Encoding.UTF8.GetBytes(error.Code + error.Path),
            StepOutcome.Denied { Denials: var denials } => Encoding.UTF8.GetBytes(string.Join(';', denials.Select(d => d.Code + d.Path))),
            _ => [],
        };
        return outcome.Status + Convert.ToHexStringLower(SHA256.HashData(data));
    }

    private static Fault Stuck(string why) => new(PlanFault.Stuck, "the run goes in circles: " + why, null, "change the goal, or what stands in its way");
}
