using System.Collections.Frozen;
using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Execution;

/// <summary>One handler a kind of action. What is not here is in no schema and no listing.</summary>
public sealed class ActionHandlers
{
    private readonly FrozenDictionary<string, IActionHandler> _byName;

    /// <summary>Takes the handlers there are.</summary>
    /// <param name="handlers">Each for an action of its own.</param>
    /// <exception cref="ArgumentException">Two are for one action.</exception>
    public ActionHandlers(IEnumerable<IActionHandler> handlers) => _byName = handlers.ToFrozenDictionary(h => h.ActionName, StringComparer.Ordinal);

    /// <summary>The actions that work, by wire name.</summary>
    public IReadOnlySet<string> Names => _byName.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>The handler of an action. The verifier has seen to it that there is one.</summary>
    /// <param name="action">The action.</param>
    public IActionHandler For(PlanAction action) => _byName[action.ActionName];
}
