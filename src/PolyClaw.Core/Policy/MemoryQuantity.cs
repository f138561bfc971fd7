using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Policy;

/// <summary>An amount of memory or storage as people write it: <c>128Mi</c>, <c>1Gi</c>, <c>512M</c> or bytes.</summary>
/// <param name="Bytes">Bytes; at least <see cref="SmallestBytes"/>.</param>
public readonly record struct MemoryQuantity(long Bytes)
{
    /// <summary>The least that can be asked for, 16 MiB: an engine refuses less than 6 MB, and nothing useful runs in that.</summary>
    public const long SmallestBytes = 16L << 20;

    private const int MostDigits = 19;
    private const string Grammar = "a whole number of at most 19 digits without leading zeros, then Ki, Mi, Gi, Ti, Pi or Ei (powers of 1024), k, M, G, T, P or E (powers of 1000) or nothing (bytes), no space between";

    private static readonly (string Suffix, long Factor)[] Units =
    [
        ("Ei", 1L << 60), ("Pi", 1L << 50), ("Ti", 1L << 40), ("Gi", 1L << 30), ("Mi", 1L << 20), ("Ki", 1L << 10),
        ("E", 1_000_000_000_000_000_000), ("P", 1_000_000_000_000_000), ("T", 1_000_000_000_000), ("G", 1_000_000_000), ("M", 1_000_000), ("k", 1_000),
        ("", 1),
    ];

    /// <summary>Reads an amount. Overflow is an error: nothing wraps and nothing is cut down.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="path">Where it stands, a JSON pointer.</param>
    /// <param name="quantity">The amount, when it is one.</param>
    /// <param name="fault">What is wrong, when it is not.</param>
    public static bool TryParse(string? text, string path, out MemoryQuantity quantity, [NotNullWhen(false)] out Fault? fault)
    {
        var read = Read(text);
        fault = read is null ? Wrong(text, path, "is no amount of memory")
            : read > long.MaxValue ? Wrong(text, path, "is more than can be counted (2^63 - 1 bytes)")
            : read < SmallestBytes ? Wrong(text, path, "is less than the least, 16Mi")
            : null;
        quantity = new MemoryQuantity(fault is null ? (long)read!.Value : 0);
        return fault is null;
    }

    /// <summary>The exact amount in the largest unit that divides it, for example <c>768Mi</c>.</summary>
    /// <param name="bytes">Bytes, not negative.</param>
    public static string Format(long bytes)
    {
        foreach (var (suffix, factor) in Units)
        {
            if (suffix.EndsWith('i') && bytes != 0 && bytes % factor == 0)
                return (bytes / factor).ToString(CultureInfo.InvariantCulture) + suffix;
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override string ToString() => Format(Bytes);

    // 19 digits times 2^60 stays far below 2^127, so the product is exact and can then be compared.
    private static Int128? Read(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text : text[..digits];
        if (number.Length is 0 or > MostDigits || (number[0] == '0' && number.Length > 1))
            return null;
        var amount = Int128.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
        foreach (var (suffix, factor) in Units)
        {
            if (text[number.Length..].SequenceEqual(suffix))
                return amount * factor;
        }

        return null;
    }

    private static Fault Wrong(string? text, string path, string problem) =>
        new("invalid_quantity", $"{CodePoints.Show(text)} {problem}", path, $"{Grammar}; for example 128Mi");
}
