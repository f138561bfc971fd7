namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>A document, or a part of one that has an <c>$id</c> of its own: what relative references and anchors are relative to.</summary>
/// <param name="document">The document it stands in.</param>
/// <param name="baseUri">Its URI without fragment; empty when nobody named it.</param>
/// <param name="pointer">Where in the document its root is.</param>
/// <param name="dialect">Which keywords mean something in it.</param>
internal sealed class SchemaResource(SchemaDocument document, string baseUri, string pointer, Dialect dialect)
{
    internal SchemaDocument Document => document;

    internal string BaseUri => baseUri;

    internal string Pointer => pointer;

    internal Dialect Dialect => dialect;

    internal Dictionary<string, SchemaNode> Anchors { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, SchemaNode> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}
