using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Keywords;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Evaluating;

/// <summary>One judgement: its budget and, on the thorough pass, its faults.</summary>
internal sealed class EvaluationRun(SchemaOptions options, bool collecting)
{
    /// <summary>Subschemas applied inside one another; what a value 64 deep needs several times over, and well within a thread's stack.</summary>
    private const int MaxNesting = 512;

    /// <summary>Time for all patterns together: each has a limit of its own, and a value may hold many texts.</summary>
    private static readonly TimeSpan MaxMatching = TimeSpan.FromSeconds(5);

    private List<SchemaFault>? _faults = collecting ? [] : null;
    private SchemaFault? _budget;
    private long _steps = options.MaxSteps;
    private TimeSpan _matching;
    private int _nesting;
    private bool _truncated;

    /// <summary>Whether faults are wanted; if not, the first one ends the pass.</summary>
    internal bool Collecting => _faults is not null && !Exceeded;

    internal bool Exceeded => _budget is not null;

    /// <summary>Counts one subschema applied to one value; false when that is over a limit.</summary>
    internal bool Enter(in Frame frame)
    {
        if (Exceeded)
            return false;
        if (frame.Depth > options.MaxInstanceDepth)
            return Stop(frame, $"the value is nested more than {options.MaxInstanceDepth} deep");
        if (_nesting >= MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return Stop(frame, $"the schema applies more than {MaxNesting} subschemas inside one another");
        if (!Spend(1, frame))
            return false;
        _nesting++;
        return true;
    }

    internal void Leave() => _nesting--;

    /// <summary>Counts work; false when the steps are used up.</summary>
    internal bool Spend(long steps, in Frame frame) =>
        (_steps -= Math.Min(steps, _steps + 1)) >= 0 || Stop(frame, $"judging the value takes more than {options.MaxSteps} steps");

    /// <summary>Ends the judgement without an answer; always false.</summary>
    internal bool Stop(in Frame frame, string message)
    {
        _budget ??= new SchemaFault("schema_budget", frame.Path?.ToString() ?? "", "", message, "use a smaller value or a simpler schema");
        return false;
    }

    /// <summary>Notes a fault when faults are wanted; always false, so that a keyword may return it.</summary>
    internal bool Fail(Keyword keyword, in Frame frame, string message, string? fix = null)
    {
        if (!Collecting)
            return false;
        if (_faults!.Count >= options.MaxFaults)
            _truncated = true;
        else
            _faults.Add(new SchemaFault("schema_mismatch", frame.Path?.ToString() ?? "", keyword.Location, message, fix));
        return false;
    }

    /// <summary>Applies a subschema whose faults are nobody's business.</summary>
    internal bool Probe(SchemaNode node, JsonElement instance, in Frame frame)
    {
        var kept = _faults;
        _faults = null;
        var valid = node.Evaluate(this, instance, frame);
        _faults = kept;
        return valid;
    }

    /// <summary>Applies a subschema and keeps its faults apart; null when it holds.</summary>
    internal List<SchemaFault>? FaultsOf(SchemaNode node, JsonElement instance, in Frame frame)
    {
        var (kept, truncated) = (_faults, _truncated);
        var apart = _faults = [];
        var valid = node.Evaluate(this, instance, frame);
        (_faults, _truncated) = (kept, truncated);
        return valid ? null : apart;
    }

    /// <summary>Compares two values, counting what it takes.</summary>
    internal bool AreEqual(JsonElement a, JsonElement b, in Frame frame)
    {
        // A different kind is the common case, and free.
        if (a.ValueKind != b.ValueKind)
            return false;
        var left = _steps;
        var equal = JsonEquality.DeepEquals(a, b, ref left);
        return Spend(_steps - left, frame) && equal;
    }

    /// <summary>Hashes a value, counting what it takes; null when that is over the budget.</summary>
    internal int? Hash(JsonElement value, in Frame frame)
    {
        var left = _steps;
        var hash = JsonEquality.Hash(value, ref left);
        return Spend(_steps - left, frame) ? hash : null;
    }

    /// <summary>Runs a pattern over a text, counting its length; a time limit counts as the budget's end.</summary>
    internal bool IsMatch(EcmaPattern pattern, string text, in Frame frame)
    {
        if (!Spend(text.Length / 64, frame))
            return false;
        var started = Stopwatch.GetTimestamp();
        try
        {
            var matches = pattern.IsMatch(text);
            _matching += Stopwatch.GetElapsedTime(started);
            return _matching < MaxMatching ? matches : Stop(frame, "matching patterns takes too long");
        }
        catch (RegexMatchTimeoutException)
        {
            return Stop(frame, $"matching the pattern {JsonText.Shorten(pattern.Source)} takes too long");
        }
    }

    internal void Add(IEnumerable<SchemaFault> faults)
    {
        foreach (var fault in faults)
        {
            if (_faults!.Count >= options.MaxFaults)
            {
                _truncated = true;
                return;
            }

            _faults.Add(fault);
        }
    }

    internal SchemaResult Result()
    {
        List<SchemaFault> faults = (_faults, _budget) switch
        {
            (null, null) => [],
            (null, { } budget) => [budget],
            ({ } found, null) => found,
            ({ } found, { } budget) => [.. found.Take(options.MaxFaults - 1), budget],
        };
        return new SchemaResult { Valid = faults.Count == 0, Faults = faults, BudgetExceeded = Exceeded, Truncated = _truncated };
    }
}
