namespace PolyClaw.Core.Journal;

/// <summary>Where and how the journal is kept.</summary>
/// <param name="Path">The SQLite file. Its folder must exist and be writable.</param>
/// <param name="CommitBatch">Most events that share one commit. 1–10,000.</param>
public sealed record JournalOptions(string Path, int CommitBatch = 1_000)
{
    /// <summary>How long an event that nobody waits for may share a later commit. Default 20 ms.</summary>
    public TimeSpan Behind { get; init; } = TimeSpan.FromMilliseconds(20);
}
