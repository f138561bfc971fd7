using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.References;

/// <summary>What an action says once its references are replaced by data.</summary>
public static class ActionReferences
{
    /// <summary>
    /// Replaces every reference, once, on parsed values: data never becomes structure, and what it holds is not read for references again.
    /// A string that is exactly one reference takes the value with its type where the action allows any value; elsewhere it becomes text.
    /// </summary>
    /// <param name="action">The action as planned.</param>
    /// <param name="data">The data of a step by its id; nothing when it gave none.</param>
    public static Expansion Expand(PlanAction action, Func<string, JsonElement?> data)
    {
        var (value, faults) = Expander.Expand(ActionFormat.WriteParameters(action), ReferenceRules.For(action.ActionName), data);
        if (value is not { } parameters)
            return new Expansion.Refused(faults);
        try
        {
            return new Expansion.Expanded(ActionFormat.Read(action.ActionName, parameters));
        }
        catch (JsonException e)
        {
            return new Expansion.Refused([new Fault(PlanFault.BadParameters, JsonGuard.Reason(e), e.Path)]);
        }
    }
}

/// <summary>What became of an action's references.</summary>
public abstract record Expansion
{
    private Expansion() { }

    /// <summary>All are replaced.</summary>
    /// <param name="Action">The action to be judged and carried out.</param>
    public sealed record Expanded(PlanAction Action) : Expansion;

    /// <summary>Some could not be; nothing may be carried out.</summary>
    /// <param name="Faults">Each with the JSON pointer into the parameters.</param>
    public sealed record Refused(IReadOnlyList<Fault> Faults) : Expansion;
}
