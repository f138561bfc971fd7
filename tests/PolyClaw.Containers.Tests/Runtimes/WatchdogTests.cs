#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Runtimes;

[Collection(DefaultEngineTests.Name)]
public sealed class WatchdogOnTheDefaultEngine(DefaultEngine engine) : WatchdogTests(engine);

[Collection(Engine28Tests.Name)]
public sealed class WatchdogOnEngine28(Engine28 engine) : WatchdogTests(engine);

[Collection(TlsEngineTests.Name)]
[Trait("Promise", "P66")]
public sealed class WatchdogOnAnEngineOverTls(TlsEngine engine) : WatchdogTests(engine);

/// <summary>A child that ignores end of input, and the death of its instance.</summary>
[Trait("Fault", "F1")]
public abstract class WatchdogTests(TestEngine engine)
{
    private const int TestTimeout = 60_000;
    private const string Stubborn = "trap '' TERM; while :; do sleep 1; done";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeout)]
    public async Task A_broken_life_line_ends_the_stubborn_child_and_no_other_instances()
    {
        engine.Require();
        var (instance, other) = (engine.NewInstance(), engine.NewInstance());
        await using var proxy = new EngineProxy(engine.Socket);
        var runtime = await DockerTests.OpenAsync(proxy.Endpoint, instance);
        await runtime.StartAsync(DockerTests.Launch(engine, "stubborn", Stubborn), Token);
        await using var neighbour = await DockerTests.OpenAsync(engine.Endpoint, other);
        await neighbour.StartAsync(DockerTests.Launch(engine, "neighbour", Stubborn), Token);

        var lifeline = new Pipe();
        var watching = Watchdog.RunAsync(lifeline.Reader.AsStream(), TimeProvider.System, Token);
        await lifeline.Writer.WriteAsync(Watchdog.Opening(engine.Endpoint, runtime.Lease, TimeSpan.FromMilliseconds(100)), Token);
        // For the engine and for the watchdog, this is the death of the process.
        proxy.Refuses = true;
        proxy.Cut("");
        Assert.False(watching.IsCompleted);
        Assert.Single(await engine.Api.NamesAsync(instance));
        await lifeline.Writer.CompleteAsync();
        Assert.True(await watching);
        Assert.Empty(await engine.Api.NamesAsync(instance));
        Assert.Single(await engine.Api.NamesAsync(other));
        proxy.Refuses = false;
        await runtime.DisposeAsync();
    }

    [Fact(Timeout = TestTimeout)]
    public async Task After_a_farewell_nothing_is_removed()
    {
        engine.Require();
        var instance = engine.NewInstance();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        await runtime.StartAsync(DockerTests.Launch(engine, "kept", Stubborn), Token);
        byte[] said = [.. Watchdog.Opening(engine.Endpoint, runtime.Lease, TimeSpan.Zero), (byte)Watchdog.Farewell];
        Assert.True(await Watchdog.RunAsync(new MemoryStream(said), TimeProvider.System, Token));
        Assert.Single(await engine.Api.NamesAsync(instance));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task It_is_started_with_the_first_child_sees_nothing_of_ours_and_hears_the_farewell()
    {
        engine.Require();
        Environment.SetEnvironmentVariable("POLYCLAW_TEST_CANARY_WATCH", "canary-77a1");
        var folder = Directory.CreateTempSubdirectory("polyclaw-watch-").FullName;
        try
        {
            var heard = Path.Combine(folder, "heard");
            // Stands in for the program: writes down its environment, its id and what it is told, until it is told no more.
            var script = $"/usr/bin/env > {folder}/env; echo $$ > {folder}/id; exec cat > {heard}";
            string id;
            await using (var runtime = await DockerTests.OpenAsync(
                engine.Endpoint, engine.NewInstance(), watchdog: new WatchdogLaunch("/bin/sh", ["-c", script], TimeSpan.FromSeconds(10))))
            {
                Assert.Empty(Directory.GetFiles(folder));
                await runtime.StartAsync(DockerTests.Launch(engine, "first", "exec cat"), Token);
                await UntilAsync(() => File.Exists(heard));
                id = (await File.ReadAllTextAsync(Path.Combine(folder, "id"), Token)).Trim();
                await UntilAsync(() => Program(id) == "cat");
                await runtime.StartAsync(DockerTests.Launch(engine, "second", "exec cat"), Token);
                Assert.Equal(id, (await File.ReadAllTextAsync(Path.Combine(folder, "id"), Token)).Trim());
                Assert.DoesNotContain("canary-77a1", await File.ReadAllTextAsync(Path.Combine(folder, "env"), Token), StringComparison.Ordinal);
                // No connection of ours, to an engine or a client, is held open by it: its files are those of any process that is started here.
                using var any = Process.Start(new ProcessStartInfo("/bin/cat") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
                var other = any.Id.ToString(CultureInfo.InvariantCulture);
                // It echoes once it runs; before that its loader holds one file more.
                await any.StandardInput.WriteLineAsync("there".AsMemory(), Token);
                await any.StandardInput.FlushAsync(Token);
                Assert.Equal("there", await any.StandardOutput.ReadLineAsync(Token));
                Assert.Equal(Files(other), Files(id));
                any.StandardInput.Close();
                await any.WaitForExitAsync(Token);
            }

            await UntilAsync(() => !Directory.Exists($"/proc/{id}"));
            var tls = engine.Endpoint.Tls;
            Assert.Matches($"^{engine.Endpoint.Address}\n[0-9a-f]{{32}}\n10000\n{tls?.CaFile}\n{tls?.CertFile}\n{tls?.KeyFile}\n\\.$", await File.ReadAllTextAsync(heard, Token));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A process of another program than ours tells nobody how far it is: looking is all there is, and the test's timeout is the bound.
    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
    }

    private static string Program(string process) => File.ReadAllText($"/proc/{process}/comm").Trim();

    private static IEnumerable<string> Files(string process) =>
        Directory.GetFiles($"/proc/{process}/fd").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("unix:///nowhere.sock\n\n10\n")]
    [InlineData("unix:///nowhere.sock\nlease\n-1\n")]
    [InlineData("unix:///nowhere.sock\nlease\n10\nx")]
    public async Task What_is_no_life_line_is_not_acted_on(string said) =>
        Assert.False(await Watchdog.RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(said)), TimeProvider.System, Token));
}
