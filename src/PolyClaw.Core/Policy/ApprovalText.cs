using System.Text;
using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Policy;

/// <summary>
/// What a person is shown when asked to approve: the action itself, whole, written by code and never by a model. Everything but printable
/// ASCII is escaped, so nothing in it can hide, turn direction, colour or break a line.
/// </summary>
public static class ApprovalText
{
    /// <summary>The action's name and its canonical parameters: two actions with one text have one digest.</summary>
    /// <param name="action">The action, references expanded.</param>
    public static string Of(PlanAction action) =>
        action.ActionName + " " + Encoding.UTF8.GetString(CanonicalJson.Write(ActionFormat.WriteParameters(action)));
}
