using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Children.Wire;

/// <summary>A child broke the protocol, or did not answer: what ends its connection or its start.</summary>
internal sealed class ChildFaultException(Fault fault, bool transient = false, Exception? inner = null)
    : Exception(fault.ToString(), inner)
{
    /// <summary>What it did.</summary>
    public Fault Fault { get; } = fault;

    /// <summary>Whether trying again may help.</summary>
    public bool Transient { get; } = transient;
}
