using System.Text.Json.Serialization;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>Where a rollout stands. The names are the wire form and a contract.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RolloutPhase>))]
public enum RolloutPhase
{
    /// <summary>The new version is being brought up.</summary>
    Progressing,

    /// <summary>The new version has all traffic, and the old replicas are still there to go back to.</summary>
    KeepingOld,

    /// <summary>The new version is taken; the old replicas are going.</summary>
    Promoting,

    /// <summary>The new version is given up; its healthy replicas serve until the old version has its full number again.</summary>
    RestoringOld,

    /// <summary>The new version loses its traffic, then its replicas.</summary>
    RollingBack,

    /// <summary>Only the new version is left. Terminal.</summary>
    Succeeded,

    /// <summary>Nothing of the new version is left. Terminal.</summary>
    RolledBack,
}

/// <summary>Questions about a <see cref="RolloutPhase"/>.</summary>
public static class RolloutPhaseExtensions
{
    /// <summary>Whether a rollout in this phase never changes again.</summary>
    /// <param name="phase">The phase.</param>
    public static bool IsTerminal(this RolloutPhase phase) => phase is RolloutPhase.Succeeded or RolloutPhase.RolledBack;

    /// <summary>Whether the new version is still meant to win.</summary>
    /// <param name="phase">The phase.</param>
    public static bool IsForward(this RolloutPhase phase) => phase is RolloutPhase.Progressing or RolloutPhase.KeepingOld or RolloutPhase.Promoting;
}
