#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own token.
using System.Text.Json;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Runtimes.Local;
using PolyClaw.Containers.Tests.Children;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Runtimes.Local;

public sealed class LocalRuntimeTests
{
    private static readonly ToolCode Add = new(
        "add",
        "adds two numbers",
        JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]}"""),
        "(input, host) => ({ sum: input.a + input.b })",
        Examples: [new ToolExample(JsonElement.Parse("""{"a":1,"b":2}"""), JsonElement.Parse("""{"sum":3}"""))]);

    private static readonly ToolCode Read = new(
        "read", "reads a file", JsonElement.Parse("""{"type":"object"}"""), "(input, host) => ({ text: host.readText('data.csv') })");

    [Theory(Timeout = 120_000)]
    [Trait("Promise", "P40")]
    [Trait("Promise", "P46")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Makes_a_server_from_code_calls_it_and_removes_it(bool sandbox)
    {
        await using var house = await HouseAsync(sandbox);
        var spec = new ServerSpec("sales", new ServerSource.Tools([Add, Read], [new ServerFile("data.csv", From: "sales.csv")]));
        var info = await house.CreatedAsync(spec, files: new FilesOf(("sales.csv", "region,total\nnorth,5\n")));
        Assert.Equal(sandbox ? Isolation.Sandbox : Isolation.Process, info.Isolation);
        Assert.Equal(["add", "read"], info.Tools.Select(t => t.Name));
        Assert.True(info.StartedMs > 0);

        var sum = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("add", """{"a":2,"b":40}""", server: "sales"));
        Assert.Equal(42, sum.Result.GetProperty("structuredContent").GetProperty("sum").GetInt32());
        var text = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("read", server: "sales"));
        Assert.Equal("region,total\nnorth,5\n", text.Result.GetProperty("structuredContent").GetProperty("text").GetString());
        Assert.Equal("/arguments/a", Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync("add", """{"a":"2","b":1}""", server: "sales")).Error.Path);

        Assert.IsType<ServerOutcome.Done>(await house.Servers.RemoveAsync(Permits.Remove("sales"), House.Soon));
        Assert.Empty(await house.Runtime.SweepAsync(new HashSet<string>(), House.Soon));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_whose_example_fails_is_not_kept_and_the_difference_is_told()
    {
        await using var house = await HouseAsync(sandbox: true);
        var wrong = Add with { Examples = [new ToolExample(JsonElement.Parse("""{"a":1,"b":2}"""), JsonElement.Parse("""{"sum":4}"""))] };
        var failed = Assert.IsType<ServerOutcome.Failed>(await house.CreateAsync(new ServerSpec("sums", new ServerSource.Tools([wrong]))));
        Assert.Equal("example_failed", failed.Error.Code);
        Assert.Contains("/source/tools/0/examples/0/output/sum: expected 4, got 3", failed.Error.Message, StringComparison.Ordinal);
        Assert.Empty(house.Servers.List(Permits.Tenant));
        Assert.Empty(await house.Runtime.SweepAsync(new HashSet<string>(), House.Soon));
    }

    [Theory(Timeout = 120_000)]
    [Trait("Threat", "T08")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_child_sees_nothing_of_our_environment(bool sandbox)
    {
        Environment.SetEnvironmentVariable("POLYCLAW_TEST_CANARY", "canary-5e1f");
        await using var runtime = await RuntimeAsync(sandbox);
        var child = (LocalChild)await runtime.StartAsync(Launch(), House.Soon);
        var seen = 0;
        foreach (var id in Family(child.ProcessId))
        {
            Assert.DoesNotContain("canary-5e1f", File.ReadAllText($"/proc/{id}/environ"), StringComparison.Ordinal);
            Assert.DoesNotContain("canary-5e1f", File.ReadAllText($"/proc/{id}/cmdline"), StringComparison.Ordinal);
            seen++;
        }

        Assert.True(seen > 0);
        Assert.Contains("canary-5e1f", (string[])[Environment.GetEnvironmentVariable("POLYCLAW_TEST_CANARY")!]);
        await child.DisposeAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ends_with_its_input_and_leaves_no_process(bool sandbox)
    {
        await using var runtime = await RuntimeAsync(sandbox);
        var child = (LocalChild)await runtime.StartAsync(Launch(), House.Soon);
        var family = Family(child.ProcessId).ToList();
        await child.StopAsync(House.Soon);
        await child.StopAsync(House.Soon);
        // The kernel takes the inner ones a moment later, and nobody may have asked yet how they ended.
        while (family.Any(IsAlive))
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, House.Soon);
    }

    private static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Limits_memory_and_processes_by_a_control_group_where_it_can()
    {
        if (ControlGroupRoot.Find("polyclaw.test.probe") is null)
            Assert.Skip("no control groups can be made here");
        await using var runtime = await RuntimeAsync(sandbox: true);
        var child = (LocalChild)await runtime.StartAsync(Launch(), House.Soon);
        foreach (var id in Family(child.ProcessId))
            Assert.Contains($"polyclaw.{Environment.ProcessId}.", File.ReadAllText($"/proc/{id}/cgroup"), StringComparison.Ordinal);
        await child.DisposeAsync();
        await child.Exited;
    }

    [Fact(Timeout = 120_000)]
    public async Task Refuses_an_image_and_says_what_is_needed()
    {
        await using var runtime = await RuntimeAsync(sandbox: true);
        var refused = runtime.Refuses(Launch() with { Image = "example/child" });
        Assert.Contains("need Docker", refused!.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Fix);
    }

    private static IEnumerable<int> Family(int id)
    {
        yield return id;
        foreach (var task in Directory.EnumerateDirectories($"/proc/{id}/task"))
        {
            foreach (var child in File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var one in Family(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture)))
                    yield return one;
            }
        }
    }

    private static ChildLaunch Launch() => new(
        Permits.Tenant, "sales", "key", "", "", HardeningTier.ToolCode, null, [], new Dictionary<string, string>(), 1_000_000_000, 512L << 20, 64);

    private static async Task<LocalRuntime> RuntimeAsync(bool sandbox)
    {
        var locator = new ToolServerLocator(
            Path.Combine(AppContext.BaseDirectory, "polyclaw-toolserver.dll"), AppContext.BaseDirectory, Environment.GetEnvironmentVariable, Environment.ProcessPath);
        var traits = await new LocalRuntimeSource(locator, TimeProvider.System).LookAsync(sandbox, House.Soon);
        if (sandbox && traits.Sandbox is null)
            Assert.Skip(traits.Detail);
        return new LocalRuntime(traits, TimeProvider.System);
    }

    private static async Task<House> HouseAsync(bool sandbox) => new(await RuntimeAsync(sandbox), TimeProvider.System);
}
