using System.Text.Json;

namespace PolyClaw.Core.Planning.Drafts;

/// <summary>A step as somebody wrote it, not yet believed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The action's wire name.</param>
/// <param name="Parameters">The action's parameters.</param>
/// <param name="DependsOn">Ids of steps it waits for.</param>
/// <param name="Reason">Why the planner wants it.</param>
/// <param name="Positions">How its places are named in a fault.</param>
internal sealed record StepDraft(
    string Id,
    string Name,
    JsonElement Parameters,
    IReadOnlyList<string> DependsOn,
    string? Reason,
    IDraftPositions Positions);

/// <summary>A whole plan, not yet believed.</summary>
/// <param name="Steps">In the order they were written.</param>
/// <param name="Continues">Whether the planner wants to plan on after it.</param>
internal sealed record PlanDraft(IReadOnlyList<StepDraft> Steps, bool Continues);

/// <summary>Turns a place in an envelope into words that its writer understands.</summary>
internal interface IDraftPositions
{
    /// <summary>A JSON pointer into the whole answer, or a line and column.</summary>
    /// <param name="pointer">JSON pointer into the envelope, for example <c>/parameters/tool</c>.</param>
    string Of(string pointer);
}

/// <summary>Positions of an envelope that stands in a JSON document.</summary>
/// <param name="Pointer">Where the envelope stands.</param>
internal sealed record JsonPositions(string Pointer) : IDraftPositions
{
    public string Of(string pointer) => Pointer + pointer;
}
