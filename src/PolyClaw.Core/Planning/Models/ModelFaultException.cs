using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.Models;

/// <summary>A model's client could not get an answer, and says why in words for the person who configured it.</summary>
public sealed class ModelFaultException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="fault">What was wrong and what to do; it may quote the model's server, never a key.</param>
    /// <param name="inner">What the client library threw.</param>
    public ModelFaultException(Fault fault, Exception? inner = null)
        : base(fault.ToString(), inner) => Fault = fault;

    /// <summary>What was wrong and what to do.</summary>
    public Fault Fault { get; }
}
