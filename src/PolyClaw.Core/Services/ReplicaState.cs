using System.Text.Json.Serialization;

namespace PolyClaw.Core.Services;

/// <summary>Where a replica stands. The names are the wire form.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ReplicaState>))]
public enum ReplicaState
{
    /// <summary>It runs, and has not been healthy yet.</summary>
    Starting,

    /// <summary>Its last health check was good.</summary>
    Healthy,

    /// <summary>It runs and its health checks fail.</summary>
    Unhealthy,

    /// <summary>Its process has ended.</summary>
    Stopped,
}
