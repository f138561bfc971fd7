using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Tests.Schemas.Values;

public sealed class EcmaPatternTests
{
    [Theory]
    [InlineData(@"^\d$", "5", true)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\D$", "٣", true)]
    [InlineData(@"^[\D]$", "5", false)]
    [InlineData(@"^\w+$", "aZ_9", true)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^[^\w]$", "é", true)]
    [InlineData(@"^\s$", "\ufeff", true)]
    [InlineData(@"^[\S]$", "\u2003", false)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^.$", "\r", false)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^..$", "😀", false)]
    [InlineData("^[^a]$", "😀", true)]
    [InlineData(@"^\S{2}$", "😀😀", true)]
    [InlineData("^😀{2}$", "😀😀", true)]
    [InlineData("^[😀x]$", "😀", true)]
    [InlineData(@"^\u{1F600}$", "😀", true)]
    [InlineData(@"^\ud83d\ude00+$", "😀😀", true)]
    [InlineData(@"^[\w-.]+$", "a-b.c", true)]
    [InlineData(@"^[.-\w]+$", "a-b.c", true)]
    [InlineData("^[a-z-]+$", "a-b", true)]
    [InlineData("^[[a]+$", "[a", true)]
    [InlineData("^[a-z-[x]]$", "[]", true)]
    [InlineData(@"^[\]]$", "]", true)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("[]", "", false)]
    [InlineData("^a{2,3}$", "aaaa", false)]
    [InlineData("^{a}$", "{a}", true)]
    [InlineData("^x{,3}$", "x{,3}", true)]
    [InlineData(@"^\p{Lu}\p{Letter}*$", "Éa", true)]
    [InlineData(@"^\P{L}$", "5", true)]
    [InlineData(@"^\cJ$", "\n", true)]
    [InlineData(@"^\x41\/\-\_$", "A/-_", true)]
    [InlineData(@"^(?<year>\d{4})-(?:0|1)$", "2024-1", true)]
    [InlineData("^.{0,1000}$", "abc", true)]
    [InlineData(@"^[^/]{1,1000}$", "abc", true)]
    public void Means_what_ECMAScript_means_and_stays_linear(string pattern, string text, bool matches)
    {
        Assert.True(EcmaPattern.TryCompile(pattern, allowBacktracking: false, out var compiled, out var problem), problem);
        Assert.True(compiled.IsLinear);
        Assert.Equal(matches, compiled.IsMatch(text));
    }

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[a")]
    [InlineData("[z-a]")]
    [InlineData("a**")]
    [InlineData("\\")]
    [InlineData(@"\Z")]
    [InlineData(@"\p{Script=Greek}")]
    [InlineData(@"\u{110000}")]
    [InlineData("(?i)a")]
    [InlineData("(?>a)")]
    [InlineData("(?<a-b>x)")]
    [InlineData("[^😀]")]
    [InlineData("[😀-😅]")]
    public void Refuses_what_it_cannot_mean(string pattern)
    {
        Assert.False(EcmaPattern.TryCompile(pattern, allowBacktracking: true, out var compiled, out var problem));
        Assert.Null(compiled);
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("^(?!a)b$", "b", true)]
    [InlineData(@"^(a|b)\1$", "aa", true)]
    [InlineData(@"^(a|b)\1$", "ab", false)]
    [InlineData("(?<=a)b", "ab", true)]
    public void Backtracks_where_it_is_allowed_to(string pattern, string text, bool matches)
    {
        Assert.True(EcmaPattern.TryCompile(pattern, allowBacktracking: true, out var compiled, out var problem), problem);
        Assert.False(compiled.IsLinear);
        Assert.Equal(matches, compiled.IsMatch(text));
    }
}
