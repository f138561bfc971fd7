namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>Which keywords mean something, as <c>$schema</c> says.</summary>
internal sealed record Dialect
{
    internal const string Draft202012 = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>JSON Schema 2020-12.</summary>
    internal static readonly Dialect Standard = new();

    private const string VocabularyRoot = "https://json-schema.org/draft/2020-12/vocab/";

    /// <summary>
    /// 2019-09, which many child servers still declare: <c>items</c> may be a list, followed by <c>additionalItems</c>; <c>definitions</c> and
    /// <c>dependencies</c> are keywords.
    /// </summary>
    private static readonly Dialect Draft201909 = Standard with { Legacy = true };

    /// <summary>Draft 06 and 07: as 2019-09, and a <c>$ref</c> hides everything beside it.</summary>
    private static readonly Dialect Draft07 = Draft201909 with { ReferenceHidesSiblings = true };

    internal bool Applicators { get; init; } = true;

    internal bool Validation { get; init; } = true;

    internal bool Unevaluated { get; init; } = true;

    /// <summary>Whether <c>format</c> is checked; by default it is only a note to the reader.</summary>
    internal bool FormatAssertion { get; init; }

    internal bool Legacy { get; init; }

    internal bool ReferenceHidesSiblings { get; init; }

    internal static Dialect? Find(string schema) => schema.TrimEnd('#') switch
    {
        Draft202012 => Standard,
        "https://json-schema.org/draft/2019-09/schema" => Draft201909,
        "http://json-schema.org/draft-07/schema" or "https://json-schema.org/draft-07/schema" => Draft07,
        "http://json-schema.org/draft-06/schema" or "https://json-schema.org/draft-06/schema" => Draft07,
        _ => null,
    };

    /// <summary>The dialect of a meta-schema's <c>$vocabulary</c>.</summary>
    /// <param name="vocabularies">URI and whether a reader that does not know it must refuse.</param>
    /// <param name="unknown">The first required vocabulary that is not known; null when all are.</param>
    internal static Dialect Of(IEnumerable<(string Uri, bool Required)> vocabularies, out string? unknown)
    {
        unknown = null;
        var dialect = new Dialect { Applicators = false, Validation = false, Unevaluated = false };
        foreach (var (uri, required) in vocabularies)
        {
            switch (uri.StartsWith(VocabularyRoot, StringComparison.Ordinal) ? uri[VocabularyRoot.Length..] : "")
            {
                case "applicator": dialect = dialect with { Applicators = true }; break;
                case "validation": dialect = dialect with { Validation = true }; break;
                case "unevaluated": dialect = dialect with { Unevaluated = true }; break;
                case "format-assertion": dialect = dialect with { FormatAssertion = true }; break;
                case "core" or "meta-data" or "format-annotation" or "content": break;
                default: unknown ??= required ? uri : null; break;
            }
        }

        return dialect;
    }
}
