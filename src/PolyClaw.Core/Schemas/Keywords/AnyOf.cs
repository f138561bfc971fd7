using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>anyOf</c>, and <c>oneOf</c>, which wants exactly one.</summary>
internal sealed class AnyOf(SchemaNode owner, string name, SchemaNode[] schemas) : Keyword(owner, name)
{
    private readonly bool _exactlyOne = name == "oneOf";

    internal override IEnumerable<SchemaNode> InPlace => schemas;

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        var failures = run.Collecting ? new List<(int Index, List<SchemaFault> Faults)>() : null;
        var first = -1;
        for (var i = 0; i < schemas.Length; i++)
        {
            // A branch notes what it looked at apart: if it fails, it has looked at nothing.
            var notes = frame.Evaluated is null ? null : new Evaluated();
            if (!Holds(run, i, instance, frame.With(notes), failures))
            {
                if (run.Exceeded)
                    return false;
                continue;
            }

            if (first >= 0 && _exactlyOne)
                return run.Fail(this, frame, $"must fit exactly one of {schemas.Length} alternatives, and fits number {first + 1} and number {i + 1}");
            if (first < 0)
                first = i;
            if (notes is not null)
                frame.Evaluated!.Add(notes);
            else if (!_exactlyOne)
                return true;
        }

        return first >= 0 || (failures is not null && !run.Exceeded && Explain(run, failures, frame));
    }

    private bool Holds(EvaluationRun run, int index, JsonElement instance, in Frame frame, List<(int, List<SchemaFault>)>? failures)
    {
        if (failures is null)
            return schemas[index].Evaluate(run, instance, frame);
        if (run.FaultsOf(schemas[index], instance, frame) is not { } faults)
            return true;
        failures.Add((index, faults));
        return false;
    }

    /// <summary>Shows the faults of the alternative that was most likely meant; those of all of them would bury it.</summary>
    private bool Explain(EvaluationRun run, List<(int Index, List<SchemaFault> Faults)> failures, in Frame frame)
    {
        var here = frame.Path?.ToString() ?? "";
        if (failures.TrueForAll(failure => failure.Faults is [{ } only] && only.Path == here))
        {
            var said = failures.Select(failure => failure.Faults[0].Message).Distinct(StringComparer.Ordinal);
            return run.Fail(this, frame, $"fits none of {schemas.Length} alternatives: {string.Join("; or ", said)}");
        }

        var (index, faults) = failures.MinBy(failure => (Misfit(failure.Faults, here), failure.Faults.Count));
        run.Fail(this, frame, $"fits none of {schemas.Length} alternatives; the closest is number {index + 1}");
        run.Add(faults);
        return false;
    }

    /// <summary>A wrong type here, or a wrong constant just below, says that another alternative was meant.</summary>
    private static int Misfit(List<SchemaFault> faults, string here) => faults.Sum(fault =>
        fault.SchemaPath.EndsWith("/type", StringComparison.Ordinal) && fault.Path == here ? 100
        : fault.SchemaPath.EndsWith("/const", StringComparison.Ordinal) || fault.SchemaPath.EndsWith("/enum", StringComparison.Ordinal) ? 10
        : 0);
}
