using PolyClaw.Core.Names;

namespace PolyClaw.Core.Tests.Names;

[Trait("BadInput", "B32")]
public class EnvironmentVariableTests
{
    [Theory]
    [InlineData("SALES_REGION")]
    [InlineData("_x")]
    [InlineData("lower")]
    public void A_plain_key_passes(string key) => Assert.Null(EnvironmentVariable.CheckKey(key, "/env"));

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("A=B")]
    [InlineData("A B")]
    [InlineData("A\0")]
    [InlineData("A\n")]
    [InlineData("1A")]
    [InlineData("\u0410")]
    [InlineData("LD_PRELOAD")]
    [InlineData("LD_LIBRARY_PATH")]
    [InlineData("LD_AUDIT")]
    [InlineData("NODE_OPTIONS")]
    [InlineData("PYTHONSTARTUP")]
    [InlineData("PYTHONPATH")]
    [InlineData("BASH_ENV")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("JAVA_TOOL_OPTIONS")]
    [InlineData("PATH")]
    [InlineData("Path")]
    [InlineData("HTTP_PROXY")]
    [InlineData("https_proxy")]
    [InlineData("DOCKER_HOST")]
    [InlineData("POLYCLAW_HOME")]
    [InlineData("polyclaw_x")]
    public void A_key_that_is_none_or_does_more_than_carry_data_is_refused(string key) =>
        Assert.Equal("/env", EnvironmentVariable.CheckKey(key, "/env")!.Path);

    [Fact]
    public void A_key_has_at_most_128_characters()
    {
        Assert.Null(EnvironmentVariable.CheckKey(new string('A', 128), "/env"));
        Assert.NotNull(EnvironmentVariable.CheckKey(new string('A', 129), "/env"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("north & süd")]
    [InlineData("a\tb")]
    [InlineData("$5")]
    public void A_line_of_text_is_a_value(string value) => Assert.Null(EnvironmentVariable.CheckValue(value, "/env/A"));

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("${OTHER_SECRET}")]
    public void A_value_with_more_lines_or_with_something_to_expand_is_refused(string value) =>
        Assert.Equal("/env/A", EnvironmentVariable.CheckValue(value, "/env/A")!.Path);

    [Fact]
    public void A_value_has_at_most_8_KiB_and_is_not_repeated()
    {
        Assert.Null(EnvironmentVariable.CheckValue(new string('x', 8192), "/env/A"));
        Assert.Null(EnvironmentVariable.CheckValue(new string('é', 4096), "/env/A"));
        Assert.NotNull(EnvironmentVariable.CheckValue(new string('é', 4097), "/env/A"));
        var fault = EnvironmentVariable.CheckValue(new string('s', 1 << 20), "/env/A")!;
        Assert.DoesNotContain("sss", fault.ToString(), StringComparison.Ordinal);
    }
}
