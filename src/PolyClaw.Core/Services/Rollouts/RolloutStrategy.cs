using System.Text.Json.Serialization;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>How a new version takes the place of the old one. The names are the wire form and a contract.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RolloutStrategy>))]
public enum RolloutStrategy
{
    /// <summary>A few replicas at a time; where there may be only one writer, all of the old ones first.</summary>
    Rolling,

    /// <summary>A full second set beside the first, then all traffic at once.</summary>
    BlueGreen,

    /// <summary>A small share of the traffic first, and more at each step that goes well.</summary>
    Canary,
}
