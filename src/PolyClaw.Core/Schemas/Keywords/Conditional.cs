using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>if</c> with <c>then</c> and <c>else</c>.</summary>
internal sealed class Conditional(SchemaNode owner, SchemaNode test, SchemaNode? then, SchemaNode? otherwise) : Keyword(owner, "if")
{
    internal override IEnumerable<SchemaNode> InPlace => new[] { test, then, otherwise }.OfType<SchemaNode>();

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        var notes = frame.Evaluated is null ? null : new Evaluated();
        var holds = run.Probe(test, instance, frame.With(notes));
        if (run.Exceeded)
            return false;
        if (holds && notes is not null)
            frame.Evaluated!.Add(notes);
        var next = holds ? then : otherwise;
        return next is null || next.Evaluate(run, instance, frame);
    }
}
