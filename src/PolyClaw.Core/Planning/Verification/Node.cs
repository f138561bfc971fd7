using PolyClaw.Core.Actions;
using PolyClaw.Core.Planning.Drafts;
using PolyClaw.Core.Planning.References;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>A step while it is verified.</summary>
internal sealed class Node(int index, StepDraft draft)
{
    public int Index => index;

    public StepDraft Draft => draft;

    /// <summary>Set when the parameters could be read.</summary>
    public PlanAction? Action { get; set; }

    public IReadOnlyList<ReferenceUse> References { get; set; } = [];

    /// <summary>Indexes of the steps it waits for, in order.</summary>
    public SortedSet<int> Waits { get; } = [];

    public string At(string pointer) => draft.Positions.Of(pointer);

    /// <summary>A text parameter, read from the draft so that a fault elsewhere in the step does not hide it.</summary>
    public string? Text(string field) =>
        draft.Parameters.ValueKind is System.Text.Json.JsonValueKind.Object
        && draft.Parameters.TryGetProperty(field, out var value)
        && value.ValueKind is System.Text.Json.JsonValueKind.String
            ? value.GetString()
            : null;
}
