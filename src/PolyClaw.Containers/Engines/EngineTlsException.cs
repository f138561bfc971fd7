using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Engines;

/// <summary>An engine and this instance do not believe each other. An <see cref="IOException"/>, so that it passes through the client library as one.</summary>
internal sealed class EngineTlsException(Fault fault, Exception? inner) : IOException(fault.ToString(), inner)
{
    /// <summary>What was wrong and what to do.</summary>
    public Fault Fault { get; } = fault;
}
