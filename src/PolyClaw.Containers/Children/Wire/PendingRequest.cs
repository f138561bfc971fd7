using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Children.Wire;

/// <summary>A request a child has not answered yet.</summary>
internal sealed class PendingRequest(ProgressRelay? progress)
{
    private Fault? _fault;

    /// <summary>Where its progress goes; nothing when none was asked for.</summary>
    public ProgressRelay? Progress { get; } = progress;

    /// <summary>What was wrong with the answer, when the child did answer and it could not be used.</summary>
    public Fault? Fault
    {
        get => Volatile.Read(ref _fault);
        set => Volatile.Write(ref _fault, value);
    }
}
