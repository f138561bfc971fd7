namespace PolyClaw.Core.Schemas.Values;

/// <summary>The Unicode general categories by their short and long names.</summary>
internal static class UnicodeCategories
{
    /// <summary>The categories .NET knows for the name of one, with or without <c>gc=</c>; null for anything else.</summary>
    internal static string[]? Find(string name)
    {
        if (name.StartsWith("General_Category=", StringComparison.Ordinal) || name.StartsWith("gc=", StringComparison.Ordinal))
            name = name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return name switch
        {
            "L" or "Letter" => ["L"],
            "LC" or "Cased_Letter" => ["Lu", "Ll", "Lt"],
            "Lu" or "Uppercase_Letter" => ["Lu"],
            "Ll" or "Lowercase_Letter" => ["Ll"],
            "Lt" or "Titlecase_Letter" => ["Lt"],
            "Lm" or "Modifier_Letter" => ["Lm"],
            "Lo" or "Other_Letter" => ["Lo"],
            "M" or "Mark" or "Combining_Mark" => ["M"],
            "Mn" or "Nonspacing_Mark" => ["Mn"],
            "Mc" or "Spacing_Mark" => ["Mc"],
            "Me" or "Enclosing_Mark" => ["Me"],
            "N" or "Number" => ["N"],
            "Nd" or "Decimal_Number" or "digit" => ["Nd"],
            "Nl" or "Letter_Number" => ["Nl"],
            "No" or "Other_Number" => ["No"],
            "P" or "Punctuation" or "punct" => ["P"],
            "Pc" or "Connector_Punctuation" => ["Pc"],
            "Pd" or "Dash_Punctuation" => ["Pd"],
            "Ps" or "Open_Punctuation" => ["Ps"],
            "Pe" or "Close_Punctuation" => ["Pe"],
            "Pi" or "Initial_Punctuation" => ["Pi"],
            "Pf" or "Final_Punctuation" => ["Pf"],
            "Po" or "Other_Punctuation" => ["Po"],
            "S" or "Symbol" => ["S"],
            "Sm" or "Math_Symbol" => ["Sm"],
            "Sc" or "Currency_Symbol" => ["Sc"],
            "Sk" or "Modifier_Symbol" => ["Sk"],
            "So" or "Other_Symbol" => ["So"],
            "Z" or "Separator" => ["Z"],
            "Zs" or "Space_Separator" => ["Zs"],
            "Zl" or "Line_Separator" => ["Zl"],
            "Zp" or "Paragraph_Separator" => ["Zp"],
            "C" or "Other" => ["C"],
            "Cc" or "Control" or "cntrl" => ["Cc"],
            "Cf" or "Format" => ["Cf"],
            "Cs" or "Surrogate" => ["Cs"],
            "Co" or "Private_Use" => ["Co"],
            "Cn" or "Unassigned" => ["Cn"],
            _ => null,
        };
    }
}
