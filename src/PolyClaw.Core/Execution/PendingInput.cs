using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Execution;

/// <summary>A question that has no answer yet.</summary>
internal sealed record PendingInput(string InputId, InputKind Kind, string Step, string Shown, IReadOnlyList<string> Choices, string? Digest, DateTimeOffset At);

/// <summary>A question and its first answer.</summary>
internal sealed record AnsweredInput(PendingInput Asked, JournalEvent.InputAnswered Answer);
