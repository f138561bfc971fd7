using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy;

/// <summary>One small rule with a name. It says all that is wrong, decides nothing else and changes nothing.</summary>
internal interface IPolicyRule
{
    /// <summary>What denials call it, for example <c>memory</c>.</summary>
    string Name { get; }

    /// <summary>Judges an action. Path and fix are for the reader; the gate sets the code and names the rule.</summary>
    IEnumerable<Fault> Judge(GateRequest request, PolicyContext context);
}
