using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Images;

/// <summary>Makes a static ToolServer out of its sources.</summary>
internal interface IToolServerPublisher
{
    /// <summary>How long it may take; then tool code stays on the local runtime.</summary>
    TimeSpan Limit { get; }

    /// <summary>Why it cannot be made on this machine; nothing when it can.</summary>
    Fault? Problem();

    /// <summary>Makes it.</summary>
    /// <param name="checkout">The sources.</param>
    /// <param name="runtimeIdentifier">The machine it is for.</param>
    /// <param name="output">The folder to put it in.</param>
    /// <param name="work">A folder for what is made on the way, kept for the next time.</param>
    /// <param name="cancellationToken">Gives up; no process is left.</param>
    /// <returns>Why it failed; nothing when it is there.</returns>
    Task<Fault?> PublishAsync(ToolServerCheckout checkout, string runtimeIdentifier, string output, string work, CancellationToken cancellationToken);
}
