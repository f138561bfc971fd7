#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Text;
using System.Text.Json;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Runtimes.Local;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Runtimes;

[Collection(DefaultEngineTests.Name)]
public sealed class ToolServerContractOnTheDefaultEngine(DefaultEngine engine) : ToolServerContractOnDocker(engine);

[Collection(Engine28Tests.Name)]
public sealed class ToolServerContractOnEngine28(Engine28 engine) : ToolServerContractOnDocker(engine);

public sealed class ToolServerContractInBubblewrap() : ToolServerContractOnThisMachine(sandbox: true);

public sealed class ToolServerContractInBareProcesses() : ToolServerContractOnThisMachine(sandbox: false);

/// <summary>The contract with ToolServer in a container.</summary>
public abstract class ToolServerContractOnDocker(TestEngine engine) : ToolServerContract
{
    private protected override async Task<IRuntime> OpenAsync()
    {
        engine.Require();
        await RealToolServer.RequireAsync();
        return await DockerTests.OpenAsync(engine.Endpoint, engine.NewInstance(), RealToolServer.Binary);
    }

    private protected override async Task<bool> IsThereAsync(IChild child) => await engine.Api.InspectAsync(child.Name) is not null;
}

/// <summary>The contract with ToolServer as a process.</summary>
public abstract class ToolServerContractOnThisMachine(bool sandbox) : ToolServerContract
{
    private protected override async Task<IRuntime> OpenAsync()
    {
        var locator = new ToolServerLocator(
            Path.Combine(AppContext.BaseDirectory, "polyclaw-toolserver.dll"), AppContext.BaseDirectory, Environment.GetEnvironmentVariable, Environment.ProcessPath);
        var traits = await new LocalRuntimeSource(locator, TimeProvider.System).LookAsync(sandbox, Token);
        if (sandbox && traits.Sandbox is null)
            Assert.Skip(traits.Detail);
        return new LocalRuntime(traits, TimeProvider.System);
    }

    private protected override Task<bool> IsThereAsync(IChild child)
    {
        try
        {
            return Task.FromResult(!File.ReadAllText($"/proc/{((LocalChild)child).ProcessId}/stat").Contains(") Z ", StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return Task.FromResult(false);
        }
    }
}

/// <summary>What every runtime must do with the one child that all of them can run: ToolServer.</summary>
public abstract class ToolServerContract
{
    // A first run publishes ToolServer, and a machine with two processors compiles it as it runs.
    private protected const int TestTimeout = 300_000;

    private const string Definition =
        """{"version":1,"name":"echo","tools":[{"name":"echo","description":"says it again","language":"javascript","input_schema":{"type":"object"},"code":"(input, host) => input"}]}""";

    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens a runtime that no other test uses.</summary>
    private protected abstract Task<IRuntime> OpenAsync();

    /// <summary>Whether a child is still there, seen with other eyes than the runtime's.</summary>
    private protected abstract Task<bool> IsThereAsync(IChild child);

    [Fact(Timeout = TestTimeout), Trait("Promise", "P03")]
    public async Task It_reads_its_definition_answers_and_ends_with_its_input()
    {
        await using var runtime = await OpenAsync();
        await using var child = await StartedAsync(runtime, "echo");
        await WriteAsync(child, """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hällo"}}}""");
        var answer = JsonElement.Parse(await ReadLineAsync(child));
        Assert.Equal("hällo", answer.GetProperty("result").GetProperty("structuredContent").GetProperty("text").GetString());
        Assert.False(child.Exited.IsCompleted);
        await child.StopAsync(Token);
        Assert.Equal(new ChildExit(0, OutOfMemory: false), await child.Exited);
        Assert.False(await IsThereAsync(child));
        await child.StopAsync(Token);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_bad_definition_ends_it_with_its_code_and_its_words_on_stderr()
    {
        await using var runtime = await OpenAsync();
        await using var child = await runtime.StartAsync(Launch("bad"), Token);
        await WriteAsync(child, """{"version":1,"name":"bad","tools":5}""");
        Assert.Equal("", await ReadLineAsync(child));
        var exit = await child.Exited.WaitAsync(Token);
        Assert.NotEqual(0, exit.Code);
        Assert.False(exit.OutOfMemory);
        Assert.Contains("tools", child.ErrorTail, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(child, "anybody?"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Disposal_kills_without_patience()
    {
        await using var runtime = await OpenAsync();
        var child = await StartedAsync(runtime, "disposed");
        Assert.True(await IsThereAsync(child));
        await child.DisposeAsync();
        Assert.True(child.Exited.IsCompleted);
        Assert.False(await IsThereAsync(child));
        await child.DisposeAsync();
    }

    [Fact(Timeout = TestTimeout), Trait("Fault", "F3")]
    public async Task A_second_start_of_the_same_name_replaces_the_first()
    {
        await using var runtime = await OpenAsync();
        await using var first = await StartedAsync(runtime, "same");
        await using var second = await runtime.StartAsync(Launch("same"), Token);
        await first.Exited.WaitAsync(Token);
        await first.DisposeAsync();
        Assert.Equal(first.Name, second.Name);
        await GreetAsync(second);
        Assert.True(await IsThereAsync(second));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task The_name_tells_servers_and_tenants_apart()
    {
        await using var runtime = await OpenAsync();
        await using var one = await runtime.StartAsync(Launch("a-b") with { Tenant = "c" }, Token);
        await using var twin = await runtime.StartAsync(Launch("b") with { Tenant = "c-a" }, Token);
        Assert.NotEqual(one.Name, twin.Name);
        Assert.False(one.Exited.IsCompleted);
        Assert.False(twin.Exited.IsCompleted);
    }

    [Theory(Timeout = TestTimeout), InlineData(0), InlineData(10), InlineData(60)]
    public async Task A_cancelled_start_leaves_nothing(int afterMs)
    {
        await using var runtime = await OpenAsync();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        cancelled.CancelAfter(afterMs);
        try
        {
            await using var child = await runtime.StartAsync(Launch("cancelled"), cancelled.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.True(cancelled.IsCancellationRequested);
        }

        Assert.Empty(await runtime.SweepAsync(new HashSet<string>(), Token));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_sweep_removes_what_is_not_kept()
    {
        await using var runtime = await OpenAsync();
        await using var kept = await StartedAsync(runtime, "kept");
        await using var swept = await runtime.StartAsync(Launch("swept"), Token);
        Assert.Equal([swept.Name], await runtime.SweepAsync(new HashSet<string> { kept.Name }, Token));
        await swept.Exited.WaitAsync(Token);
        Assert.True(await IsThereAsync(kept));
        Assert.False(kept.Exited.IsCompleted);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Disposing_of_the_runtime_twice_leaves_nothing_and_starts_nothing_more()
    {
        var runtime = await OpenAsync();
        var child = await StartedAsync(runtime, "left");
        await runtime.DisposeAsync();
        await runtime.DisposeAsync();
        Assert.True(child.Exited.IsCompleted);
        Assert.False(await IsThereAsync(child));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runtime.StartAsync(Launch("late"), Token));
    }

    [Fact(Timeout = TestTimeout), Trait("BadInput", "B30"), Trait("BadInput", "B36"), Trait("Threat", "T06")]
    public async Task A_launch_that_breaks_a_rule_is_refused_with_its_path_and_starts_nothing()
    {
        await using var runtime = await OpenAsync();
        var good = Launch("good");
        Assert.Null(runtime.Refuses(good));
        foreach (var (bad, path) in new[]
        {
            (good with { Server = "../up" }, "/name"),
            (good with { Pids = -7 }, "/resources/pids"),
            (good with { MemoryBytes = -1 }, "/resources/memory"),
            (good with { NanoCpus = 0 }, "/resources/cpu"),
            (good with { Env = new Dictionary<string, string> { ["LD_PRELOAD"] = "/x.so" } }, "/env/LD_PRELOAD"),
        })
        {
            Assert.Equal(path, runtime.Refuses(bad)?.Path);
            var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => runtime.StartAsync(bad, Token));
            Assert.Equal(path, thrown.Fault.Path);
            Assert.False(thrown.Transient);
        }

        Assert.Empty(await runtime.SweepAsync(new HashSet<string>(), Token));
    }

    private static ChildLaunch Launch(string server) => new(
        "tests", server, "key-1", "run_test", new string('0', 64), HardeningTier.ToolCode, null, [], new Dictionary<string, string>(), 1_000_000_000, 256L << 20, 64);

    private static async Task<IChild> StartedAsync(IRuntime runtime, string server)
    {
        var child = await runtime.StartAsync(Launch(server), Token);
        await GreetAsync(child);
        return child;
    }

    private static async Task GreetAsync(IChild child)
    {
        await WriteAsync(child, Definition);
        await WriteAsync(child, Initialize);
        Assert.Equal(1, JsonElement.Parse(await ReadLineAsync(child)).GetProperty("id").GetInt32());
        await WriteAsync(child, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    private static async Task WriteAsync(IChild child, string line)
    {
        await child.Input.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), Token);
        await child.Input.FlushAsync(Token);
    }

    private static async Task<string> ReadLineAsync(IChild child)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await child.Output.ReadAsync(one, Token) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return Encoding.UTF8.GetString([.. line]);
    }
}
