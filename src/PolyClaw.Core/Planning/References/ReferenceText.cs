namespace PolyClaw.Core.Planning.References;

/// <summary>A string taken apart into plain pieces and references.</summary>
/// <param name="Pieces">In the order they stand.</param>
/// <param name="Errors">What begins like a reference and is none.</param>
internal sealed record ReferenceText(IReadOnlyList<ReferenceText.Piece> Pieces, IReadOnlyList<ReferenceText.Error> Errors)
{
    public bool HoldsReferences => Pieces.Any(p => p.Reference is not null);

    /// <summary>The reference that is the whole string, which keeps the type of what it refers to.</summary>
    public Reference? Alone => Pieces is [{ Reference: { } only }] ? only : null;

    public IEnumerable<Reference> References => Pieces.Where(p => p.Reference is not null).Select(p => p.Reference!);

    /// <param name="Plain">Text as it is meant, escapes undone.</param>
    /// <param name="Reference">Set instead of <paramref name="Plain"/>.</param>
    /// <param name="Offset">Where it begins, in UTF-16 units.</param>
    internal readonly record struct Piece(string? Plain, Reference? Reference, int Offset);

    internal readonly record struct Error(int Offset, string Message);
}
