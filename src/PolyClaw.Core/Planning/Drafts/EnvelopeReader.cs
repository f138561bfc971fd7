using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.Drafts;

/// <summary>Reads <c>{"id","name","parameters","reason?","depends_on?"}</c> and collects all that is wrong with the envelopes themselves.</summary>
internal static class EnvelopeReader
{
    private static readonly string[] Known = ["id", "name", "parameters", "reason", "depends_on"];

    /// <summary>Reads a list of envelopes. Those that cannot be read are left out, with faults.</summary>
    /// <param name="envelopes">A JSON array, depth and Unicode already checked.</param>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static IReadOnlyList<StepDraft> Read(JsonElement envelopes, string pointer, ICollection<Fault> faults)
    {
        if (envelopes.ValueKind is not JsonValueKind.Array)
        {
            faults.Add(new Fault(PlanFault.BadParameters, $"{Kind(envelopes)} stands where the list of steps belongs", pointer, "\"plan\": [ … ]"));
            return [];
        }

        var count = envelopes.GetArrayLength();
        if (count > PlanLimits.Steps)
        {
            faults.Add(TooMany(count, pointer));
            return [];
        }

        var drafts = new List<StepDraft>(count);
        var index = 0;
        foreach (var envelope in envelopes.EnumerateArray())
        {
            if (ReadOne(envelope, JsonPointer.Append(pointer, index++), faults) is { } draft)
                drafts.Add(draft);
        }

        return drafts;
    }

    public static Fault TooMany(int count, string? pointer) => new(
        PlanFault.TooLarge, $"{count} steps; a plan has at most {PlanLimits.Steps}", pointer, "plan in waves, or let one tool do many things");

    private static StepDraft? ReadOne(JsonElement envelope, string pointer, ICollection<Fault> faults)
    {
        if (envelope.ValueKind is not JsonValueKind.Object)
        {
            faults.Add(new Fault(
                PlanFault.BadParameters, $"a step is {Kind(envelope)}", pointer, """{"id": "…", "name": "…", "parameters": {…}}"""));
            return null;
        }

        foreach (var property in envelope.EnumerateObject())
        {
            if (!Known.Contains(property.Name))
            {
                faults.Add(new Fault(
                    PlanFault.BadParameters, $"unknown field '{PlainText.Show(property.Name)}'", JsonPointer.Append(pointer, property.Name),
                    "a step has: " + string.Join(", ", Known)));
            }
        }

        var id = ReadText(envelope, "id", pointer, required: true, faults);
        var name = ReadText(envelope, "name", pointer, required: true, faults);
        var reason = ReadText(envelope, "reason", pointer, required: false, faults);
        var dependsOn = ReadDependsOn(envelope, pointer, faults);
        if (!envelope.TryGetProperty("parameters", out var parameters))
            faults.Add(new Fault(PlanFault.BadParameters, "the field 'parameters' is missing", pointer, "\"parameters\": {…}"));
        return id is null || name is null || parameters.ValueKind is JsonValueKind.Undefined
            ? null
            : new StepDraft(id, name, parameters, dependsOn, reason, new JsonPositions(pointer));
    }

    private static string? ReadText(JsonElement envelope, string field, string pointer, bool required, ICollection<Fault> faults)
    {
        var found = envelope.TryGetProperty(field, out var value);
        if (found && value.ValueKind is JsonValueKind.String)
            return value.GetString();
        if (required && !found)
            faults.Add(new Fault(PlanFault.BadParameters, $"the field '{field}' is missing", pointer, $"\"{field}\": \"…\""));
        else if (found && (required || value.ValueKind is not JsonValueKind.Null))
            faults.Add(new Fault(PlanFault.BadParameters, $"'{field}' is {Kind(value)}", JsonPointer.Append(pointer, field), "a string"));
        return null;
    }

    private static IReadOnlyList<string> ReadDependsOn(JsonElement envelope, string pointer, ICollection<Fault> faults)
    {
        if (!envelope.TryGetProperty("depends_on", out var value) || value.ValueKind is JsonValueKind.Null)
            return [];
        pointer = JsonPointer.Append(pointer, "depends_on");
        if (value.ValueKind is not JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind is not JsonValueKind.String))
        {
            faults.Add(new Fault(PlanFault.BadParameters, $"'depends_on' is {Kind(value)}", pointer, "a list of step ids"));
            return [];
        }

        if (value.GetArrayLength() <= PlanLimits.Steps)
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        faults.Add(TooMany(value.GetArrayLength(), pointer));
        return [];
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list with the wrong content or in the wrong place",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
