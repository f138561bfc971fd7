using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Execution;

/// <summary>Which answers fit which questions, and who may give them.</summary>
internal static class InputAnswers
{
    public const string Repeat = "repeat";
    public const string Happened = "happened";
    public const string DidNotHappen = "did_not_happen";

    private const int LongestAnswer = 8_000;

    /// <summary>How long a person has for an answer or an approval; the run's own clock stands still meanwhile.</summary>
    public static TimeSpan Within { get; } = TimeSpan.FromDays(7);

    public static IReadOnlyList<string> DoubtChoices { get; } = [Repeat, Happened, DidNotHappen];

    public static Fault? FaultIn(PendingInput asked, Principal by, bool? approve, string? answer, bool agentMayApprove)
    {
        var personNeeded = asked.Kind != InputKind.Question;
        if (personNeeded && by.Kind != PrincipalKind.Person && !agentMayApprove)
            return new Fault(
                "person_needed", $"{Wire.Name(asked.Kind)} counts only from a person", "/input_id",
                "let the person answer: by your client's elicitation dialog, or 'polyclaw runs answer' in a terminal");
        if (asked.Kind == InputKind.Approval)
            return approve is null ? new Fault("approve_missing", "an approval needs approve", "/approve", "true or false") : null;
        if (string.IsNullOrWhiteSpace(answer))
            return new Fault("answer_missing", "this question needs an answer", "/answer", asked.Choices.Count > 0 ? "one of " + string.Join(", ", asked.Choices) : "text");
        if (answer.Length > LongestAnswer)
            return new Fault("answer_too_long", $"the answer has {answer.Length} characters", "/answer", $"at most {LongestAnswer}");
        return asked.Choices.Count > 0 && !asked.Choices.Contains(answer, StringComparer.Ordinal)
            ? new Fault("answer_unknown", $"'{answer}' is none of the choices", "/answer", "one of " + string.Join(", ", asked.Choices))
            : null;
    }
}
