using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>What the command line was given makes no sense.</summary>
internal sealed class UsageException(Fault fault) : Exception(fault.ToString())
{
    public Fault Fault { get; } = fault;
}
