using System.Text.Json.Serialization;

namespace PolyClaw.Core.Goals;

/// <summary>Where a run stands. The names are the wire form and a contract.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RunStatus>))]
public enum RunStatus
{
    /// <summary>A planner is at work.</summary>
    Planning,

    /// <summary>A plan was asked for and is there; nothing has run.</summary>
    Planned,

    /// <summary>A person must approve, answer, or decide a step in doubt.</summary>
    AwaitingInput,

    /// <summary>Deferred by policy or a dependency, until a known time.</summary>
    Waiting,

    /// <summary>Steps are being carried out.</summary>
    Running,

    /// <summary>What was done is being undone.</summary>
    RollingBack,

    /// <summary>The goal was reached. Terminal.</summary>
    Succeeded,

    /// <summary>The goal was not reached; <c>error</c> says why. Terminal.</summary>
    Failed,

    /// <summary>The goal was not reached and every effect was undone. Terminal.</summary>
    RolledBack,

    /// <summary>Somebody asked to stop. Terminal.</summary>
    Cancelled,

    /// <summary>A limit ended the run; what was achieved stands. Terminal.</summary>
    BudgetExhausted,
}

/// <summary>Questions about a <see cref="RunStatus"/>.</summary>
public static class RunStatusExtensions
{
    /// <summary>Whether a run in this state never changes again (invariant I7).</summary>
    /// <param name="status">The state.</param>
    public static bool IsTerminal(this RunStatus status) => status is
        RunStatus.Succeeded or RunStatus.Failed or RunStatus.RolledBack or RunStatus.Cancelled or RunStatus.BudgetExhausted;
}
