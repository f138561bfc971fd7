using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Schemas;

/// <summary>One thing wrong with a schema, or with a value judged by one.</summary>
/// <param name="Code">
/// Stable machine name. Of a value: <c>schema_mismatch</c>, <c>schema_budget</c>, <c>schema_text</c>. Of a schema: <c>schema_invalid</c>,
/// <c>schema_too_large</c>, <c>schema_reference</c>, <c>schema_loop</c>, <c>schema_pattern</c>, <c>schema_dialect</c>, <c>schema_unknown_keyword</c>,
/// <c>schema_text</c>.
/// </param>
/// <param name="Path">JSON pointer to what is wrong: in the value, or in the schema when the schema itself is at fault. Empty at the root.</param>
/// <param name="SchemaPath">The keyword that says so, as <c>#/properties/name/type</c>; empty where no keyword does.</param>
/// <param name="Message">What was found and what is asked for.</param>
/// <param name="Fix">What would be right, where that can be said.</param>
public sealed record SchemaFault(string Code, string Path, string SchemaPath, string Message, string? Fix = null)
{
    /// <summary>The same fault in the house's common form.</summary>
    /// <param name="prefix">JSON pointer of the judged value in the document the reader knows, for example <c>/steps/2/parameters</c>. Default empty.</param>
    /// <returns>A fault whose path is <paramref name="prefix"/> followed by <see cref="Path"/>.</returns>
    public Fault ToFault(string prefix = "") => new(Code, Message, prefix + Path, Fix);

    /// <inheritdoc/>
    public override string ToString() => (Path.Length == 0 ? "" : Path + ": ") + Message + (Fix is null ? "" : " (" + Fix + ")");
}
