using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>A tool of ours answered with an error that the person must act on.</summary>
internal sealed class ToolFaultException(Fault fault) : Exception(fault.ToString())
{
    public Fault Fault { get; } = fault;
}
