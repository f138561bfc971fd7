using System.Text.Json.Serialization;

namespace PolyClaw.Core.Goals;

/// <summary>Where a step stands. The names are the wire form and a contract.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<StepStatus>))]
public enum StepStatus
{
    /// <summary>In the plan, not yet judged.</summary>
    Planned,

    /// <summary>The gate allowed it.</summary>
    Allowed,

    /// <summary>Its intent is on disk and its effect may have begun.</summary>
    Running,

    /// <summary>It did what it should.</summary>
    Succeeded,

    /// <summary>It did not.</summary>
    Failed,

    /// <summary>The gate refused it; nothing was done.</summary>
    Denied,

    /// <summary>Its time limit passed.</summary>
    TimedOut,

    /// <summary>Whether its effect happened cannot be known; a person decides.</summary>
    InDoubt,

    /// <summary>A step it needs did not succeed, or the run ended first.</summary>
    Skipped,

    /// <summary>It succeeded and was undone.</summary>
    Compensated,
}
