namespace PolyClaw.Core.Goals;

/// <summary>A file could not be kept.</summary>
/// <param name="folder">Where the files lie.</param>
/// <param name="why">What the system said.</param>
public sealed class BlobFaultException(string folder, Exception why) : Exception(why.Message, why)
{
    private const int NoSpaceOnUnix = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    /// <summary>What was wrong and what to do. Codes: <c>storage_full</c>, <c>storage_unwritable</c>.</summary>
    public Fault Fault { get; } = why.HResult is NoSpaceOnUnix or NoSpaceOnWindows
        ? new Fault("storage_full", $"the disk is full: {why.Message}", folder, "free some space, then try again")
        : new Fault("storage_unwritable", $"a file could not be kept: {why.Message}", folder, "give this user the right to write there, then try again");
}
