using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Cli;

/// <summary>The README's first command, word for word, from the repository's root.</summary>
[Collection(ProcessTests.Name)]
public sealed class MainJobTests
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    [Fact]
    [Trait("Promise", "P35")]
    public async Task A_newcomer_gets_the_report_and_its_chart_without_docker_key_or_model()
    {
        await using var home = Newcomer();
        await ReportsSalesAsync(home, "local");
    }

    [Fact]
    public async Task The_same_command_uses_containers_where_an_engine_answers()
    {
        var engine = Environment.GetEnvironmentVariable("POLYCLAW_TEST_DOCKER");
        var required = Environment.GetEnvironmentVariable("POLYCLAW_TEST_REQUIRE_ENGINE") == "1";
        Assert.SkipWhen(engine is null && !required, "no Docker engine: POLYCLAW_TEST_DOCKER is not set");
        await using var home = Newcomer();
        home.Variables.Clear();
        home.Variables["DOCKER_HOST"] = engine!;
        await ReportsSalesAsync(home, "docker");
    }

    private static TestHome Newcomer() =>
        new() { Launcher = ["dotnet", "run", "--no-build", "--configuration", Configuration, "--project", "src/PolyClaw", "--"] };

    private static async Task ReportsSalesAsync(TestHome home, string runtime)
    {
        var ended = await home.RunAsync("run", "samples/sales-report.goal");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Matches($"runtime +{runtime}, isolation", ended.Output);
        Assert.Matches("planner +commands", ended.Output);
        foreach (var step in (string[])["create-sales", "totals", "chart", "report", "remove-sales"])
            Assert.Matches($"succeeded .* {step} ", ended.Output);
        var results = Assert.Single(Directory.GetDirectories(home.Home.Runs));
        Assert.Contains(results, ended.Output, StringComparison.Ordinal);
        Assert.Contains("322,941.66", await File.ReadAllTextAsync(Path.Combine(results, "report.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(Path.Combine(results, "chart.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
