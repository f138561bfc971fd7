using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.References;

/// <summary>Writes a JSON value anew with references replaced by data. One pass: what came in by a reference is never read again.</summary>
internal sealed class Expander
{
    private readonly ReferenceRules _rules;
    private readonly Func<string, JsonElement?> _data;
    private readonly Utf8JsonWriter _writer;
    private readonly List<string> _path = [];
    private readonly List<Fault> _faults = [];
    private bool _full;

    private Expander(ReferenceRules rules, Func<string, JsonElement?> data, Utf8JsonWriter writer)
    {
        _rules = rules;
        _data = data;
        _writer = writer;
    }

    public static (JsonElement? Value, IReadOnlyList<Fault> Faults) Expand(JsonElement value, ReferenceRules rules, Func<string, JsonElement?> data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        var expander = new Expander(rules, data, writer);
        expander.Write(value);
        writer.Flush();
        return expander._faults.Count > 0
            ? (null, expander._faults)
            : (JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = PlanLimits.ExpandedDepth + 2 }), []);
    }

    private string Pointer => JsonPointer.Write(_path);

    private void Write(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                _writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    _path.Add(property.Name);
                    _writer.WritePropertyName(property.Name);
                    Write(property.Value);
                    _path.RemoveAt(_path.Count - 1);
                }

                _writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                var index = 0;
                _writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    _path.Add((index++).ToString(CultureInfo.InvariantCulture));
                    Write(item);
                    _path.RemoveAt(_path.Count - 1);
                }

                _writer.WriteEndArray();
                break;
            case JsonValueKind.String when JsonGuard.TryGetText(value, out var text) && ReferenceSyntax.MayHold(text):
                WriteText(text, _rules.At(_path));
                break;
            default:
                _writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    private void WriteText(string text, ReferenceMode mode)
    {
        var parsed = ReferenceSyntax.Parse(text);
        if (mode is ReferenceMode.Refused && parsed.HoldsReferences)
            Note(ReferenceScan.Refusal(Pointer, parsed.References.First()));
        if (mode is ReferenceMode.Value && parsed.Alone is { } alone)
            WriteValue(alone);
        else
            _writer.WriteStringValue(mode is ReferenceMode.Value or ReferenceMode.Text ? Join(parsed) : text);
        NoteSize(0);
    }

    private void WriteValue(Reference reference)
    {
        if (Resolve(reference) is not { } value)
        {
            _writer.WriteNullValue(); // keeps the writer's grammar; the fault discards the whole
            return;
        }

        var fault = JsonGuard.Check(value, PlanLimits.ExpandedDepth - _path.Count, Pointer);
        if (fault is not null)
            Note(fault);
        var raw = value.GetRawText();
        if (NoteSize(raw.Length) || fault is not null)
            _writer.WriteNullValue();
        else
            _writer.WriteRawValue(raw, skipInputValidation: true);
    }

    private string Join(ReferenceText text)
    {
        var joined = new StringBuilder();
        foreach (var piece in text.Pieces)
        {
            if (piece.Reference is null)
                joined.Append(piece.Plain);
            else if (!NoteSize(joined.Length) && Resolve(piece.Reference) is { } value)
                joined.Append(AsText(value));
        }

        return NoteSize(joined.Length) ? "" : joined.ToString();
    }

    private string AsText(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String)
            return value.GetRawText();
        if (JsonGuard.TryGetText(value, out var text))
            return text;
        Note(new Fault(PlanFault.BadText, "the data holds half of a surrogate pair", Pointer));
        return "";
    }

    private JsonElement? Resolve(Reference reference)
    {
        if (_data(reference.StepId) is not { } data)
        {
            Note(new Fault(PlanFault.MissingData, $"step '{reference.StepId}' gave no data, so {reference} is empty", Pointer));
            return null;
        }

        if (ReferencePath.TryFollow(data, reference, Pointer, out var value, out var fault))
            return value;
        Note(fault);
        return null;
    }

    private void Note(Fault fault)
    {
        if (_faults.Count < PlanLimits.Faults)
            _faults.Add(fault);
    }

    private bool NoteSize(int more)
    {
        if (!_full && _writer.BytesCommitted + _writer.BytesPending + more <= PlanLimits.ExpandedBytes)
            return false;
        if (!_full)
            Note(new Fault(PlanFault.TooLarge, $"with its references expanded the action is over {PlanLimits.ExpandedBytes} bytes", Pointer, "refer to less data"));
        return _full = true;
    }
}
