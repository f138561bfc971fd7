using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PolyClaw.Core.Schemas.Values;

/// <summary>
/// A JSON number exactly as written, at any size and precision: a sign, significant digits and a power of ten, read in place.
/// <c>1e999999999</c> costs no more than <c>1</c>.
/// </summary>
internal readonly ref struct ExactNumber
{
    /// <summary>Digits beyond which <see cref="IsMultipleOf"/> is refused: division is not linear.</summary>
    internal const int MaxDivisibleDigits = 2048;

    // Powers of ten past this are all the same to us; nothing that counts anything gets there.
    private const long MaxExponent = 1_000_000_000_000;

    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly int _first;
    private readonly bool _negative;

    private ExactNumber(ReadOnlySpan<byte> json)
    {
        _negative = json[0] == '-';
        if (_negative)
            json = json[1..];
        var e = json.IndexOfAny((byte)'e', (byte)'E');
        var exponent = e < 0 ? 0 : ParseExponent(json[(e + 1)..]);
        if (e >= 0)
            json = json[..e];
        var point = json.IndexOf((byte)'.');
        _whole = point < 0 ? json : json[..point];
        _fraction = point < 0 ? default : json[(point + 1)..];

        var end = _whole.Length + _fraction.Length;
        exponent -= _fraction.Length;
        while (_first < end && At(_first) == 0)
            _first++;
        while (end > _first && At(end - 1) == 0)
            (end, exponent) = (end - 1, exponent + 1);
        Digits = end - _first;
        Exponent = exponent;
    }

    internal bool IsZero => Digits == 0;

    internal bool IsInteger => IsZero || Exponent >= 0;

    internal bool IsPositive => !IsZero && !_negative;

    /// <summary>How many significant digits, without zeros before and after.</summary>
    internal int Digits { get; }

    /// <summary>The power of ten of the last significant digit.</summary>
    private long Exponent { get; }

    internal static ExactNumber Parse(JsonElement number) => new(JsonMarshal.GetRawUtf8Value(number));

    internal static ExactNumber Parse(ReadOnlySpan<byte> json) => new(json);

    internal int CompareTo(scoped in ExactNumber other)
    {
        if (Sign != other.Sign)
            return Sign.CompareTo(other.Sign);
        if (IsZero)
            return 0;
        var size = (Exponent + Digits).CompareTo(other.Exponent + other.Digits);
        for (var i = 0; size == 0 && i < Math.Max(Digits, other.Digits); i++)
            size = Digit(i).CompareTo(other.Digit(i));
        return _negative ? -size : size;
    }

    /// <summary>Whether dividing by <paramref name="divisor"/> leaves no rest. Neither may have more than <see cref="MaxDivisibleDigits"/>.</summary>
    internal bool IsMultipleOf(scoped in ExactNumber divisor)
    {
        if (IsZero)
            return true;

        // Without zeros at its end, the numerator cannot hold a power of ten that the divisor has and it has not.
        var shift = Exponent - divisor.Exponent;
        if (shift < 0)
            return false;
        var modulus = divisor.Coefficient();
        return (Coefficient() % modulus * BigInteger.ModPow(10, shift, modulus) % modulus).IsZero;
    }

    internal int Hash()
    {
        var hash = new HashCode();
        hash.Add(Sign);
        if (IsZero)
            return hash.ToHashCode();
        hash.Add(Exponent);
        for (var i = 0; i < Digits; i++)
            hash.Add(Digit(i));
        return hash.ToHashCode();
    }

    private int Sign => IsZero ? 0 : _negative ? -1 : 1;

    private int At(int position) => (position < _whole.Length ? _whole[position] : _fraction[position - _whole.Length]) - '0';

    private int Digit(int index) => index < Digits ? At(_first + index) : 0;

    private BigInteger Coefficient()
    {
        var digits = new StringBuilder(Digits);
        for (var i = 0; i < Digits; i++)
            digits.Append((char)('0' + Digit(i)));
        return BigInteger.Parse(digits.ToString(), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static long ParseExponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        long exponent = 0;
        foreach (var digit in text)
        {
            if (digit is (byte)'-' or (byte)'+')
                continue;
            exponent = Math.Min(MaxExponent, (exponent * 10) + digit - '0');
        }

        return negative ? -exponent : exponent;
    }
}
