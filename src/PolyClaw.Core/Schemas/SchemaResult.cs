namespace PolyClaw.Core.Schemas;

/// <summary>What a schema says of one value.</summary>
public sealed record SchemaResult
{
    /// <summary>A valid value without faults; shared, because most values are.</summary>
    internal static readonly SchemaResult Accepted = new() { Valid = true };

    /// <summary>Whether the value satisfies the schema. Never true when the budget ran out.</summary>
    public required bool Valid { get; init; }

    /// <summary>Everything found wrong, at most <see cref="SchemaOptions.MaxFaults"/>; empty when <see cref="Valid"/>.</summary>
    public IReadOnlyList<SchemaFault> Faults { get; init; } = [];

    /// <summary>Whether judging stopped at a budget (steps, depth, pattern time) before an answer was known.</summary>
    public bool BudgetExceeded { get; init; }

    /// <summary>Whether there may be more faults than <see cref="Faults"/> holds.</summary>
    public bool Truncated { get; init; }
}
