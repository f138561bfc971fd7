namespace PolyClaw.Core.Journal;

/// <summary>What the writer is asked to write in one piece.</summary>
/// <param name="Appends">All of them are written, or none.</param>
/// <param name="Behind">Nobody waits for it: it may share a later commit.</param>
internal sealed record PendingAppend(IReadOnlyList<JournalWriter.Append> Appends, bool Behind)
{
    public int Events { get; } = Appends.Sum(a => a.Events.Count);

    public TaskCompletionSource<IReadOnlyList<JournalEntry>> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
