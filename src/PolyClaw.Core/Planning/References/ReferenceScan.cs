using System.Globalization;
using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.References;

/// <summary>A reference and where it stands.</summary>
/// <param name="At">JSON pointer of the string that holds it.</param>
/// <param name="Offset">Where in that string, in UTF-16 units.</param>
/// <param name="Reference">The reference.</param>
public sealed record ReferenceUse(string At, int Offset, Reference Reference);

/// <summary>Finds every reference in a JSON value, and every place where one stands wrongly.</summary>
internal sealed class ReferenceScan
{
    private readonly ReferenceRules _rules;
    private readonly List<string> _path = [];
    private readonly List<ReferenceUse> _uses = [];
    private readonly List<Fault> _faults = [];

    private ReferenceScan(ReferenceRules rules) => _rules = rules;

    public static (IReadOnlyList<ReferenceUse> Uses, IReadOnlyList<Fault> Faults) Of(JsonElement value, ReferenceRules rules)
    {
        var scan = new ReferenceScan(rules);
        scan.Visit(value);
        return (scan._uses, scan._faults);
    }

    private void Visit(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    _path.Add(property.Name);
                    VisitName(property.Name);
                    Visit(property.Value);
                    _path.RemoveAt(_path.Count - 1);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    _path.Add((index++).ToString(CultureInfo.InvariantCulture));
                    Visit(item);
                    _path.RemoveAt(_path.Count - 1);
                }

                break;
            case JsonValueKind.String when JsonGuard.TryGetText(value, out var text) && ReferenceSyntax.MayHold(text):
                VisitText(text);
                break;
            default:
                break;
        }
    }

    private void VisitName(string name)
    {
        if (!ReferenceSyntax.MayHold(name) || _rules.At(_path) is ReferenceMode.Verbatim)
            return;
        if (ReferenceSyntax.Parse(name).HoldsReferences)
        {
            _faults.Add(new Fault(
                PlanFault.ReferenceRefused, "a reference stands in the name of a field", JsonPointer.Write(_path), "references stand in values only"));
        }
    }

    private void VisitText(string text)
    {
        var mode = _rules.At(_path);
        if (mode is ReferenceMode.Verbatim)
            return;
        var pointer = JsonPointer.Write(_path);
        var parsed = ReferenceSyntax.Parse(text);
        if (mode is ReferenceMode.Refused)
        {
            if (parsed.HoldsReferences)
                _faults.Add(Refusal(pointer, parsed.References.First()));
            return;
        }

        foreach (var error in parsed.Errors)
        {
            _faults.Add(new Fault(
                PlanFault.BadReference, $"at character {error.Offset + 1}: {error.Message}", pointer, "for example ${step.field}; a plain '${' is written '$${'"));
        }

        foreach (var piece in parsed.Pieces)
        {
            if (piece.Reference is not null)
                _uses.Add(new ReferenceUse(pointer, piece.Offset, piece.Reference));
        }
    }

    public static Fault Refusal(string pointer, Reference reference) => new(
        PlanFault.ReferenceRefused,
        $"{reference} stands where a target or a limit is named, which must be fixed before anything runs",
        pointer,
        "write the value itself, or plan in two waves");
}
