namespace PolyClaw.Core.Policy;

/// <summary>What the ledger says to a wish for quota.</summary>
public abstract record QuotaAnswer
{
    private QuotaAnswer() { }

    /// <summary>It is held.</summary>
    /// <param name="Reservation">What to settle once the outcome is known.</param>
    public sealed record Held(Reservation Reservation) : QuotaAnswer;

    /// <summary>It does not fit. Nothing is held.</summary>
    /// <param name="Free">What is free at this moment.</param>
    public sealed record Shortage(ResourceAmounts Free) : QuotaAnswer;

    /// <summary>The owner holds quota already: what it names exists, or is being made. Nothing more is held.</summary>
    /// <param name="By">The hold there is.</param>
    public sealed record Taken(Reservation By) : QuotaAnswer;
}
