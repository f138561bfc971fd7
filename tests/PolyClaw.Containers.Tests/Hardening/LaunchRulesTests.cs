using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Hardening;

public sealed class LaunchRulesTests
{
    [Fact]
    public void A_good_launch_has_no_fault() => Assert.Null(LaunchRules.Check(Launches.Good));

    [Theory, Trait("BadInput", "B30")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("-x")]
    [InlineData("x-")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("CON")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("a\u001b")]
    [InlineData("\u202Ea")]
    [InlineData("a\u200Db")]
    [InlineData("\u0430")]
    [InlineData("ａ")]
    [InlineData("ﬁ")]
    [InlineData("polyclaw-x")]
    [InlineData("a_b")]
    public void A_name_that_is_no_DNS_label_is_refused_and_shown_without_its_tricks(string name)
    {
        var fault = LaunchRules.Check(Launches.Good with { Server = name });
        Assert.Equal("/name", fault?.Path);
        Assert.All(fault!.ToString(), c => Assert.InRange(c, ' ', '~'));
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void A_name_has_63_characters_at_most(int length, bool good) =>
        Assert.Equal(good, LaunchRules.Check(Launches.Good with { Server = new('a', length) }) is null);

    [Theory, Trait("BadInput", "B32")]
    [InlineData("LD_PRELOAD")]
    [InlineData("LD_LIBRARY_PATH")]
    [InlineData("ld_audit")]
    [InlineData("NODE_OPTIONS")]
    [InlineData("PYTHONSTARTUP")]
    [InlineData("PYTHONPATH")]
    [InlineData("BASH_ENV")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("JAVA_TOOL_OPTIONS")]
    [InlineData("PATH")]
    [InlineData("HTTP_PROXY")]
    [InlineData("https_proxy")]
    [InlineData("DOCKER_HOST")]
    [InlineData("POLYCLAW_HOME")]
    public void A_variable_that_programs_obey_is_refused_by_name(string name) =>
        Assert.Equal("/env/" + name, LaunchRules.Check(With(name, "x"))?.Path);

    [Theory, Trait("BadInput", "B32")]
    [InlineData("")]
    [InlineData("A=B")]
    [InlineData("1A")]
    [InlineData("A B")]
    [InlineData("A\0")]
    [InlineData("A\n")]
    [InlineData("Ä")]
    public void A_name_that_is_no_variable_is_refused(string name) => Assert.Equal("/env", LaunchRules.Check(With(name, "x"))?.Path);

    [Theory, Trait("BadInput", "B32")]
    [InlineData("a\nLD_PRELOAD=/x")]
    [InlineData("a\r")]
    [InlineData("a\0b")]
    public void A_value_is_one_line(string value) => Assert.Equal("/env/A", LaunchRules.Check(With("A", value))?.Path);

    [Fact, Trait("BadInput", "B32")]
    public void Count_and_size_of_the_environment_are_bounded()
    {
        Assert.Null(LaunchRules.Check(With("A", new('x', 8192))));
        Assert.Equal("/env/A", LaunchRules.Check(With("A", new('x', 8193)))?.Path);
        Assert.Equal("/env", LaunchRules.Check(Launches.Good with { Env = Enumerable.Range(0, 65).ToDictionary(i => "A" + i, _ => "") })?.Path);
        Assert.Equal("/env", LaunchRules.Check(Launches.Good with { Env = Enumerable.Range(0, 9).ToDictionary(i => "A" + i, _ => new string('x', 8000)) })?.Path);
    }

    [Theory, Trait("BadInput", "B34"), Trait("BadInput", "B35"), Trait("BadInput", "B36")]
    [InlineData("/resources/cpu", 9_999_999, 16 << 20, 1)]
    [InlineData("/resources/cpu", -1, 16 << 20, 1)]
    [InlineData("/resources/memory", 10_000_000, (16 << 20) - 1, 1)]
    [InlineData("/resources/memory", 10_000_000, long.MaxValue, 1)]
    [InlineData("/resources/pids", 10_000_000, 16 << 20, -7)]
    [InlineData("/resources/pids", 10_000_000, 16 << 20, 0)]
    [InlineData("/resources/pids", 10_000_000, 16 << 20, int.MaxValue)]
    [InlineData(null, 10_000_000, 16 << 20, 1)]
    public void Quantities_have_a_least_and_a_most(string? path, long cpu, long memory, int pids) =>
        Assert.Equal(path, LaunchRules.Check(Launches.Good with { NanoCpus = cpu, MemoryBytes = memory, Pids = pids })?.Path);

    [Fact]
    public void Arguments_are_bounded_and_hold_no_NUL()
    {
        Assert.Equal("/source/args/1", LaunchRules.Check(Launches.Good with { Args = ["a", "b\0"] })?.Path);
        Assert.Equal("/source/args", LaunchRules.Check(Launches.Good with { Args = [.. Enumerable.Repeat("a", 257)] })?.Path);
        Assert.Equal("/source/args", LaunchRules.Check(Launches.Good with { Args = [new('x', 65_536)] })?.Path);
    }

    [Theory]
    [InlineData("/tenant", "")]
    [InlineData("/tenant", "a\nb")]
    [InlineData("/tenant", "\uD83D\uDE00")]
    public void A_tenant_is_a_plain_text(string path, string tenant) => Assert.Equal(path, LaunchRules.Check(Launches.Good with { Tenant = tenant })?.Path);

    private static Containers.Runtimes.ChildLaunch With(string name, string value) =>
        Launches.Good with { Env = new Dictionary<string, string> { [name] = value } };
}
