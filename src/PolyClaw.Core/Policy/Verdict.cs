using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy;

/// <summary>What the gate says of an action.</summary>
public abstract record Verdict
{
    private Verdict() { }

    /// <summary>It may be done, once.</summary>
    /// <param name="Permit">The proof.</param>
    public sealed record Allowed(Permit Permit) : Verdict;

    /// <summary>It may not. Every failing rule is here, not the first.</summary>
    /// <param name="Denials">Rule, value, limit and what would pass.</param>
    public sealed record Denied(IReadOnlyList<Fault> Denials) : Verdict;

    /// <summary>A person must agree first.</summary>
    /// <param name="Reasons">Which rules ask for it.</param>
    public sealed record NeedsApproval(IReadOnlyList<Fault> Reasons) : Verdict;
}
