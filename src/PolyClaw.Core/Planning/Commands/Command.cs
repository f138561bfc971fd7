using System.Text.Json;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Text and where it stands.</summary>
internal sealed record Placed(string Text, TextPosition At);

/// <summary>One <c>key=value</c>.</summary>
internal sealed record Setting(Placed Key, JsonElement Value, TextPosition ValueAt)
{
    /// <summary>The value as somebody wrote it: text without quotes, numbers with their digits.</summary>
    public string Written => Value.ValueKind is JsonValueKind.String ? Value.GetString()! : Value.GetRawText();
}

/// <summary>One command that follows the grammar.</summary>
/// <param name="Verb">Which.</param>
/// <param name="At">Where it begins.</param>
/// <param name="Target">Name of a server, <c>SERVER.TOOL</c>, a question or a text, as the verb wants it.</param>
/// <param name="From">The file of <c>create server</c>.</param>
/// <param name="To">The version of <c>shift traffic</c>.</param>
/// <param name="Settings">In the order they were written.</param>
/// <param name="Name">From <c>as</c>.</param>
/// <param name="After">From <c>after</c>.</param>
/// <param name="Ordered">Whether it waits for the command before it.</param>
internal sealed record Command(
    CommandVerb Verb,
    TextPosition At,
    Placed? Target,
    Placed? From,
    Placed? To,
    IReadOnlyList<Setting> Settings,
    Placed? Name,
    IReadOnlyList<Placed> After,
    bool Ordered);

internal enum CommandVerb
{
    CheckResources,
    CreateServer,
    Call,
    Decommission,
    Deploy,
    Validate,
    Shift,
    Autoscale,
    DeleteService,
    Ask,
    Report,
}
