namespace PolyClaw.Containers.Runtimes;

/// <summary>Looks for a runtime on this machine.</summary>
internal interface IRuntimeSource
{
    /// <summary>Looks, within a few seconds.</summary>
    /// <returns>The runtime, or why there is none.</returns>
    Task<RuntimeFinding> FindAsync(CancellationToken cancellationToken);
}

/// <summary>What was found.</summary>
/// <param name="Runtime">The runtime; nothing when there is none here.</param>
/// <param name="WhyNot">Why there is none, or what it lacks, as a whole sentence without its full stop.</param>
/// <param name="NoToolServer">Why it cannot run ToolServer, when it can run nothing but images.</param>
/// <param name="Unmade">What makes the ToolServer it will run, when that is not there yet.</param>
/// <param name="Again">Who to ask again, when what is missing may come while we run.</param>
internal sealed record RuntimeFinding(
    IRuntime? Runtime,
    string? WhyNot = null,
    Core.Goals.Fault? NoToolServer = null,
    Images.IToolServerBinary? Unmade = null,
    IRuntimeSource? Again = null);
