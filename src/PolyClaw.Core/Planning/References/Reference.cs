using System.Globalization;
using System.Text.Json;

namespace PolyClaw.Core.Planning.References;

/// <summary><c>${step.path}</c>: a place in the data that an earlier step gave.</summary>
/// <param name="StepId">The step.</param>
/// <param name="Path">Where in its data; empty for all of it.</param>
public sealed record Reference(string StepId, IReadOnlyList<ReferencePart> Path)
{
    /// <summary>As it is written in a plan.</summary>
    public override string ToString() => "${" + StepId + string.Concat(Path) + "}";
}

/// <summary>One move inside a value: to a member by name, or to an item by number.</summary>
/// <param name="Name">Member name; nothing for an item.</param>
/// <param name="Index">Item number from 0.</param>
public readonly record struct ReferencePart(string? Name, int Index)
{
    /// <inheritdoc/>
    public override string ToString() => Name switch
    {
        null => "[" + Index.ToString(CultureInfo.InvariantCulture) + "]",
        { Length: > 0 } when Name.All(ReferenceSyntax.IsNameCharacter) => "." + Name,
        _ => "[\"" + JsonEncodedText.Encode(Name) + "\"]",
    };
}
