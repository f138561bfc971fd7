using System.Globalization;
using System.Text;
using CsCheck;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Tests.Schemas.Values;

public sealed class ExactNumberTests
{
    private static readonly Gen<decimal> Decimals =
        Gen.Select(Gen.Long[-10_000_000, 10_000_000], Gen.Int[0, 8], (digits, scale) => new decimal((int)digits, 0, 0, false, (byte)scale));

    [Fact]
    public void Orders_as_decimal_does() => Gen.Select(Decimals, Decimals).Sample((a, b) =>
        Math.Sign(Parse(a).CompareTo(Parse(b))) == Math.Sign(a.CompareTo(b)));

    [Fact]
    public void Divides_as_decimal_does() => Gen.Select(Decimals, Decimals.Where(each => each > 0)).Sample((a, b) =>
        Parse(a).IsMultipleOf(Parse(b)) == (a % b == 0) && Parse(decimal.Truncate(a) * b).IsMultipleOf(Parse(b)));

    [Fact]
    public void Takes_every_spelling_of_a_number_for_the_same() => Gen.Select(Gen.Long, Gen.Int[-30, 30], Gen.Int[0, 5]).Sample((digits, exponent, zeros) =>
    {
        var plain = Bytes($"{digits}e{exponent}");
        var shifted = Bytes($"{digits}{new string('0', zeros)}E{exponent - zeros}");
        var pointed = Bytes($"{digits}.{new string('0', zeros + 1)}e+{exponent}".Replace("e+-", "e-", StringComparison.Ordinal));
        var number = ExactNumber.Parse(plain);
        return number.CompareTo(ExactNumber.Parse(shifted)) == 0 && number.CompareTo(ExactNumber.Parse(pointed)) == 0
            && number.Hash() == ExactNumber.Parse(shifted).Hash() && number.Hash() == ExactNumber.Parse(pointed).Hash();
    });

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0.000", true)]
    [InlineData("1.0", true)]
    [InlineData("1.5e1", true)]
    [InlineData("1.5", false)]
    [InlineData("1e-1", false)]
    [InlineData("10e-1", true)]
    [InlineData("1e308", true)]
    public void Knows_an_integer(string number, bool isInteger) => Assert.Equal(isInteger, ExactNumber.Parse(Bytes(number)).IsInteger);

    private static ExactNumber Parse(decimal number) => ExactNumber.Parse(Bytes(number.ToString(CultureInfo.InvariantCulture)));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
