using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Journal;

/// <summary>The journal could not be opened, read or written. Nothing that failed to be written has been acknowledged.</summary>
public sealed class JournalFaultException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">What was wrong and what to do. Codes: <c>journal_locked</c>, <c>journal_newer</c>, <c>journal_corrupt</c>, <c>journal_fenced</c>, <c>storage_full</c>, <c>journal_unwritable</c>.</param>
    /// <param name="inner">What the store said.</param>
    public JournalFaultException(Fault fault, Exception? inner = null)
        : base(fault.ToString(), inner) => Fault = fault;

    /// <summary>What was wrong and what to do.</summary>
    public Fault Fault { get; }

    /// <summary>Whether the same write may succeed later: the disk was full or not writable, and the journal is still this instance's.</summary>
    public bool MayPass => Fault.Code is "storage_full" or "journal_unwritable";
}
