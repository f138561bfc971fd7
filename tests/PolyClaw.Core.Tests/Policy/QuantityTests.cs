using CsCheck;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Tests.Policy;

public class QuantityTests
{
    [Theory]
    [Trait("BadInput", "B34")]
    [InlineData("500m", 500_000_000)]
    [InlineData("0.5", 500_000_000)]
    [InlineData("0.05", 50_000_000)]
    [InlineData("0.125", 125_000_000)]
    [InlineData("2", 2_000_000_000)]
    [InlineData("2.0", 2_000_000_000)]
    [InlineData("10m", 10_000_000)]
    [InlineData("1500m", 1_500_000_000)]
    [InlineData("999999", 999_999_000_000_000)]
    public void Cpu_is_read_exactly(string text, long nanoCpus)
    {
        Assert.True(CpuQuantity.TryParse(text, "/resources/cpu", out var cpu, out _));
        Assert.Equal(nanoCpus, cpu.NanoCpus);
    }

    [Theory]
    [Trait("BadInput", "B34")]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("0m")]
    [InlineData("0.0")]
    [InlineData("9m")]
    [InlineData("0.009")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("1.0000")]
    [InlineData("1.5m")]
    [InlineData(".5")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("∞")]
    [InlineData("1_000")]
    [InlineData("1,5")]
    [InlineData("١")]
    [InlineData("１")]
    [InlineData("0x10")]
    [InlineData("999999999999")]
    [InlineData("1000000")]
    [InlineData("1m m")]
    [InlineData("1M")]
    [InlineData("m")]
    [InlineData("2Gi")]
    public void What_is_no_cpu_is_refused(string text) => Refused(CpuQuantity.TryParse(text, "/resources/cpu", out var cpu, out var fault), cpu.NanoCpus, fault, "500m");

    [Theory]
    [Trait("BadInput", "B35")]
    [InlineData("128Mi", 134_217_728)]
    [InlineData("1Gi", 1_073_741_824)]
    [InlineData("512M", 512_000_000)]
    [InlineData("1073741824", 1_073_741_824)]
    [InlineData("16Mi", 16_777_216)]
    [InlineData("16777216", 16_777_216)]
    [InlineData("20000k", 20_000_000)]
    [InlineData("7Ei", 8_070_450_532_247_928_832)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Memory_is_read_exactly(string text, long bytes)
    {
        Assert.True(MemoryQuantity.TryParse(text, "/resources/memory", out var memory, out _));
        Assert.Equal(bytes, memory.Bytes);
    }

    [Theory]
    [Trait("BadInput", "B35")]
    [InlineData("")]
    [InlineData("1GI")]
    [InlineData("1gb")]
    [InlineData("1GB")]
    [InlineData("1 Gi")]
    [InlineData(" 1Gi")]
    [InlineData("1Gi\n")]
    [InlineData("+1Gi")]
    [InlineData("-1Gi")]
    [InlineData("0")]
    [InlineData("0Mi")]
    [InlineData("01Gi")]
    [InlineData("1.5Gi")]
    [InlineData("8Ei")]
    [InlineData("16Ei")]
    [InlineData("9999999999999999999Ei")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999")]
    [InlineData("1Ki")]
    [InlineData("16777215")]
    [InlineData("1e10")]
    [InlineData("١Gi")]
    [InlineData("Gi")]
    [InlineData("0x10Mi")]
    public void What_is_no_memory_is_refused(string text) => Refused(MemoryQuantity.TryParse(text, "/resources/memory", out var memory, out var fault), memory.Bytes, fault, "128Mi");

    [Theory]
    [Trait("BadInput", "B34")]
    [InlineData("١", "[U+0661]")]
    [InlineData("1\u202E", "'1[U+202E]'")]
    [InlineData("1\n", "'1[U+000A]'")]
    [InlineData("", "an empty text")]
    [InlineData("1.5m", "'1.5m'")]
    public void The_refusal_shows_what_was_met(string text, string shown)
    {
        Assert.False(CpuQuantity.TryParse(text, "/resources/cpu", out _, out var fault));
        Assert.Contains(shown, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500_000_000, "500m")]
    [InlineData(2_000_000_000, "2")]
    [InlineData(1_500_000_000, "1500m")]
    [InlineData(0, "0")]
    public void Cpu_is_written_shortly(long nanoCpus, string text) => Assert.Equal(text, CpuQuantity.Format(nanoCpus));

    [Theory]
    [InlineData(1L << 30, "1Gi")]
    [InlineData(768L << 20, "768Mi")]
    [InlineData(512_000_000, "500000Ki")]
    [InlineData(1_000_001, "1000001")]
    [InlineData(0, "0")]
    public void Memory_is_written_exactly(long bytes, string text) => Assert.Equal(text, MemoryQuantity.Format(bytes));

    [Fact]
    [Trait("BadInput", "B34")]
    public void Cpu_written_and_read_again_is_the_same() =>
        Gen.Long[10, 999_999_999].Sample(milli => CpuQuantity.Format(milli * 1_000_000) is var text
            && (text.Length > 7 || (CpuQuantity.TryParse(text, "", out var read, out _) && read.NanoCpus == milli * 1_000_000)));

    [Fact]
    [Trait("BadInput", "B35")]
    public void Memory_written_and_read_again_is_the_same() =>
        Gen.Long[MemoryQuantity.SmallestBytes, long.MaxValue].Sample(bytes =>
            MemoryQuantity.TryParse(MemoryQuantity.Format(bytes), "", out var read, out _) && read.Bytes == bytes);

    [Fact]
    [Trait("Threat", "T20")]
    public void Any_text_is_read_within_bounds_or_refused_with_a_fault() => Gen.String.Sample(text =>
    {
        var cpu = CpuQuantity.TryParse(text, "", out var nano, out var cpuFault);
        var memory = MemoryQuantity.TryParse(text, "", out var bytes, out var memoryFault);
        return cpu == (cpuFault is null) && (!cpu || nano.NanoCpus >= CpuQuantity.SmallestNanoCpus)
            && memory == (memoryFault is null) && (!memory || bytes.Bytes >= MemoryQuantity.SmallestBytes);
    });

    private static void Refused(bool parsed, long amount, Goals.Fault? fault, string example)
    {
        Assert.False(parsed);
        Assert.Equal(0, amount);
        Assert.Equal("invalid_quantity", fault!.Code);
        Assert.StartsWith("/resources/", fault.Path, StringComparison.Ordinal);
        Assert.Contains("for example " + example, fault.Fix, StringComparison.Ordinal);
        Assert.All(fault.Message, c => Assert.InRange(c, ' ', '~'));
    }
}
