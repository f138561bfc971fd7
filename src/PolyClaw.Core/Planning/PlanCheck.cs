using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning;

/// <summary>What the verifier says of a draft.</summary>
internal abstract record PlanCheck
{
    private PlanCheck() { }

    /// <summary>It can be run.</summary>
    /// <param name="Plan">The plan.</param>
    internal sealed record Sound(Plan Plan) : PlanCheck;

    /// <summary>Nothing of it may be run.</summary>
    /// <param name="Faults">Everything that is wrong, in the order of the draft.</param>
    internal sealed record Faulty(IReadOnlyList<Fault> Faults) : PlanCheck;
}
