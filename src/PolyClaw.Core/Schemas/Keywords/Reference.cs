using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>$ref</c> and <c>$dynamicRef</c>.</summary>
internal sealed class Reference(SchemaNode owner, string name) : Keyword(owner, name)
{
    private SchemaNode? _target;
    private string? _dynamicAnchor;

    internal override IEnumerable<SchemaNode> InPlace => _target is null ? [] : [_target];

    /// <summary>Called once, when all documents are read.</summary>
    /// <param name="target">What the reference names.</param>
    /// <param name="dynamicAnchor">The anchor to look for in the dynamic scope first; null when the reference is static.</param>
    internal void Resolve(SchemaNode target, string? dynamicAnchor) => (_target, _dynamicAnchor) = (target, dynamicAnchor);

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        var target = _dynamicAnchor is null ? null : frame.Scope.Find(_dynamicAnchor);
        return (target ?? _target!).Evaluate(run, instance, frame);
    }
}
