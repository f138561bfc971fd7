using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>Quantities are read exactly: what is not one is refused, never guessed at.</summary>
internal sealed class ResourceGrammarRule : IPolicyRule
{
    public string Name => "resources";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => context.Needs.Faults;
}
