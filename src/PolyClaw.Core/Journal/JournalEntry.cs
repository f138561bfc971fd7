namespace PolyClaw.Core.Journal;

/// <summary>An event as it lies in the journal.</summary>
/// <param name="Position">Place in the whole journal; grows, may have gaps.</param>
/// <param name="Stream">Name of its stream.</param>
/// <param name="Sequence">Place in its stream, from 1, without gaps.</param>
/// <param name="At">When it was written.</param>
/// <param name="Event">What happened; nothing once retention has cleared the payload.</param>
public sealed record JournalEntry(long Position, string Stream, long Sequence, DateTimeOffset At, JournalEvent? Event);
