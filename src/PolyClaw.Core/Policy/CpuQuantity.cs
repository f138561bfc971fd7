using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Policy;

/// <summary>An amount of processor time as people write it: <c>500m</c>, <c>0.5</c> or <c>2</c>.</summary>
/// <param name="NanoCpus">Billionths of a core; at least <see cref="SmallestNanoCpus"/>.</param>
public readonly record struct CpuQuantity(long NanoCpus)
{
    /// <summary>The least that can be asked for, 10m.</summary>
    public const long SmallestNanoCpus = 10 * NanosAMilli;

    private const long NanosAMilli = 1_000_000;
    private const long NanosACore = 1_000_000_000;
    private const int MostDigits = 6;
    private const string Grammar = "whole cores (2), cores with up to three decimals (0.5) or whole thousandths (500m), at most six digits before the m or the point, and at least 10m";

    /// <summary>Reads an amount. The grammar is <c>^(0|[1-9][0-9]{0,5})(m|\.[0-9]{1,3})?$</c>; nothing is trimmed or rounded.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="path">Where it stands, a JSON pointer.</param>
    /// <param name="quantity">The amount, when it is one.</param>
    /// <param name="fault">What is wrong, when it is not.</param>
    public static bool TryParse(string? text, string path, out CpuQuantity quantity, [NotNullWhen(false)] out Fault? fault)
    {
        var read = Read(text);
        fault = read switch
        {
            null => Wrong(text, path, "is no amount of CPU"),
            < SmallestNanoCpus => Wrong(text, path, "is less CPU than the least, 10m"),
            _ => null,
        };
        quantity = new CpuQuantity(fault is null ? read!.Value : 0);
        return fault is null;
    }

    /// <summary>The shortest way to write an amount, for example <c>500m</c> or <c>2</c>; what is less than a thousandth is dropped.</summary>
    /// <param name="nanoCpus">Billionths of a core, not negative.</param>
    public static string Format(long nanoCpus) =>
        nanoCpus % NanosACore == 0
            ? (nanoCpus / NanosACore).ToString(CultureInfo.InvariantCulture)
            : (nanoCpus / NanosAMilli).ToString(CultureInfo.InvariantCulture) + "m";

    /// <inheritdoc/>
    public override string ToString() => Format(NanoCpus);

    private static long? Read(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        var whole = digits < 0 ? text : text[..digits];
        if (whole.Length is 0 or > MostDigits || (whole[0] == '0' && whole.Length > 1))
            return null;
        var amount = long.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        return text[whole.Length..] switch
        {
            [] => amount * NanosACore,
            ['m'] => amount * NanosAMilli,
            ['.', .. { Length: 1 or 2 or 3 } decimals] when decimals.IndexOfAnyExceptInRange('0', '9') < 0 =>
                amount * NanosACore + Thousandths(decimals) * NanosAMilli,
            _ => null,
        };
    }

    private static long Thousandths(ReadOnlySpan<char> decimals)
    {
        var value = long.Parse(decimals, NumberStyles.None, CultureInfo.InvariantCulture);
        for (var i = decimals.Length; i < 3; i++)
            value *= 10;
        return value;
    }

    private static Fault Wrong(string? text, string path, string problem) =>
        new("invalid_quantity", $"{CodePoints.Show(text)} {problem}", path, $"{Grammar}; for example 500m");
}
