using PolyClaw.Core.Goals;

namespace PolyClaw.Instances;

/// <summary>The home, or the instance in it, cannot be used.</summary>
internal sealed class HomeFaultException(Fault fault) : Exception(fault.ToString())
{
    public Fault Fault { get; } = fault;
}
