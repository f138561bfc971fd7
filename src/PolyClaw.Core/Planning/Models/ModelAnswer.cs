using System.Text;
using System.Text.Json;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning.Drafts;

namespace PolyClaw.Core.Planning.Models;

/// <summary>What a model said, strictly read: exactly one JSON object and nothing around it.</summary>
internal abstract record ModelAnswer
{
    private ModelAnswer() { }

    /// <summary>A plan, not yet verified, and the faults of its envelopes.</summary>
    internal sealed record Draft(PlanDraft Plan, IReadOnlyList<Fault> Faults) : ModelAnswer;

    /// <summary>It wants to see more tools first.</summary>
    internal sealed record NeedsTools(string Query) : ModelAnswer;

    /// <summary>Not the form that was asked for.</summary>
    internal sealed record Unreadable(Fault Fault) : ModelAnswer;

    private const string Form = """{"plan": [{"id": "…", "name": "…", "parameters": {…}}, …], "continues": false} and nothing before or after it""";

    public static ModelAnswer Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Wrong("the answer is empty");
        if (text.Length > PlanLimits.AnswerBytes || Encoding.UTF8.GetByteCount(text) > PlanLimits.AnswerBytes)
            return new Unreadable(new Fault(PlanFault.TooLarge, $"the answer has over {PlanLimits.AnswerBytes} bytes", "", "a shorter plan"));
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (text.AsSpan().TrimStart() is not ['{', ..])
            return Wrong(text.Contains("```", StringComparison.Ordinal) ? "the answer is fenced with ```" : "the answer does not begin with '{'");
        if (JsonGuard.Check(utf8, PlanLimits.Depth, "") is { } fault)
            return new Unreadable(fault with { Fix = fault.Fix ?? Form });
        try
        {
            return ReadObject(JsonGuard.Parse(utf8));
        }
        catch (JsonException e) // a key that stands twice
        {
            return Wrong(JsonGuard.Reason(e));
        }
    }

    private static ModelAnswer ReadObject(JsonElement answer)
    {
        foreach (var property in answer.EnumerateObject())
        {
            if (property.Name is not ("plan" or "continues" or "need_tools"))
                return Wrong($"unknown field '{PlainText.Show(property.Name)}'", JsonPointer.Append("", property.Name));
        }

        var hasPlan = answer.TryGetProperty("plan", out var plan);
        var hasQuery = answer.TryGetProperty("need_tools", out var query);
        if (hasQuery && !hasPlan)
            return query.ValueKind is JsonValueKind.String ? new NeedsTools(query.GetString()!) : Wrong("'need_tools' is no string", "/need_tools");
        if (hasQuery || !hasPlan)
            return Wrong(hasQuery ? "'plan' and 'need_tools' both stand in the answer" : "the field 'plan' is missing");
        if (answer.TryGetProperty("continues", out var continues) && continues.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return Wrong("'continues' is not true or false", "/continues");
        var faults = new List<Fault>();
        var steps = EnvelopeReader.Read(plan, "/plan", faults);
        return new Draft(new PlanDraft(steps, continues.ValueKind is JsonValueKind.True), faults);
    }

    private static Unreadable Wrong(string message, string path = "") => new(new Fault(PlanFault.BadParameters, message, path, Form));
}
