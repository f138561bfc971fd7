namespace PolyClaw.Core.Tests.Schemas;

[Trait("Promise", "P12")]
public sealed class OfficialSuiteTests(ITestOutputHelper output)
{
    /// <summary>Cases of the required part of the suite, as it lies in the shared data; a suite that shrank would pass too easily.</summary>
    private const int RequiredCases = 1299;

    public static TheoryData<string> Required => [.. OfficialSuite.RequiredFiles()];

    [Theory]
    [MemberData(nameof(Required))]
    public void Passes_every_required_case_of(string file)
    {
        Assert.SkipWhen(OfficialSuite.Missing is not null, OfficialSuite.Missing ?? "");
        var (cases, wrong) = OfficialSuite.Run(file);

        Assert.NotEqual(0, cases);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Passes_the_whole_required_suite()
    {
        Assert.SkipWhen(OfficialSuite.Missing is not null, OfficialSuite.Missing ?? "");
        var runs = OfficialSuite.RequiredFiles().Select(OfficialSuite.Run).ToArray();
        var cases = runs.Sum(run => run.Cases);
        var passed = cases - runs.Sum(run => run.Wrong.Count);
        output.WriteLine($"JSON Schema 2020-12, required: {passed} of {cases}");

        Assert.Equal(cases, passed);
        Assert.True(cases >= RequiredCases, $"only {cases} cases are left of {RequiredCases}");
    }

    [Fact]
    public void Passes_the_optional_suite_but_for_what_is_named_here()
    {
        Assert.SkipWhen(OfficialSuite.Missing is not null, OfficialSuite.Missing ?? "");
        var runs = OfficialSuite.OptionalFiles().Select(OfficialSuite.Run).ToArray();
        var cases = runs.Sum(run => run.Cases);
        var wrong = runs.SelectMany(run => run.Wrong).ToArray();
        output.WriteLine($"JSON Schema 2020-12, optional, without formats: {cases - wrong.Length} of {cases}");

        // Refers to a document of an older draft that does not lie beside the suite.
        Assert.All(wrong, each => Assert.StartsWith("optional/cross-draft.json", each, StringComparison.Ordinal));
        Assert.NotEqual(0, cases);
    }

    [Fact]
    public void Takes_a_format_for_a_note_and_so_accepts_every_valid_one()
    {
        Assert.SkipWhen(OfficialSuite.Missing is not null, OfficialSuite.Missing ?? "");
        var runs = OfficialSuite.OptionalFormatFiles().Select(OfficialSuite.Run).ToArray();
        var cases = runs.Sum(run => run.Cases);
        var wrong = runs.SelectMany(run => run.Wrong).ToArray();
        output.WriteLine($"JSON Schema 2020-12, optional, formats (notes only): {cases - wrong.Length} of {cases}");

        Assert.All(wrong, each => Assert.EndsWith(": valid", each, StringComparison.Ordinal));
        Assert.NotEqual(0, cases);
    }
}
