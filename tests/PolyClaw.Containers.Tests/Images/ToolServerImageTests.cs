#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Runtime.InteropServices;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Containers.Tests.Runtimes;

namespace PolyClaw.Containers.Tests.Images;

[Collection(DefaultEngineTests.Name)]
public sealed class ToolServerImageOnTheDefaultEngine(DefaultEngine engine) : ToolServerImageTests(engine);

[Collection(Engine28Tests.Name)]
public sealed class ToolServerImageOnEngine28(Engine28 engine) : ToolServerImageTests(engine);

/// <summary>The image of tool code, made on a real engine from a program that stands in for ToolServer.</summary>
public abstract class ToolServerImageTests(TestEngine engine) : IDisposable
{
    private const int TestTimeout = 60_000;

    private readonly string _path = Path.Combine(Path.GetTempPath(), "pc-toolserver-" + Guid.NewGuid().ToString("N"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeout), Trait("Promise", "P03")]
    public async Task A_launch_without_an_image_runs_ToolServer_from_an_image_made_without_a_registry()
    {
        var binary = Require();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, engine.NewInstance(), binary);
        var tag = await TagAsync();
        try
        {
            Assert.False(await engine.Api.ExistsAsync($"images/{tag}/json"));
            var launches = Enumerable.Range(0, 3).Select(index => DockerTests.Launch(engine, "tool-" + index, "") with { Image = null, Args = [] });
            var children = await Task.WhenAll(launches.Select(launch => runtime.StartAsync(launch, Token)));
            foreach (var child in children)
            {
                await child.Input.WriteAsync("through the tool server\n"u8.ToArray(), Token);
                await child.Input.DisposeAsync();
                using var all = new StreamReader(child.Output);
                Assert.Equal("through the tool server\n", await all.ReadToEndAsync(Token));
                Assert.Equal(0, (await child.Exited.WaitAsync(Token)).Code);
            }
            Assert.Equal(1, binary.Asked);

            // The image went away under a running PolyClaw: it is made again.
            await Task.WhenAll(children.Select(child => child.DisposeAsync().AsTask()));
            await engine.Api.RemoveAsync($"images/{tag}?force=true");
            await using var again = await runtime.StartAsync(launches.First(), Token);
            Assert.Equal(2, binary.Asked);
            Assert.True(await engine.Api.ExistsAsync($"images/{tag}/json"));

            // A second PolyClaw finds it.
            await using var second = await DockerTests.OpenAsync(engine.Endpoint, engine.NewInstance(), binary);
            await using var found = await second.StartAsync(launches.First(), Token);
            Assert.Equal(
                (await engine.Api.InspectAsync(again.Name))!.Value.GetProperty("Image").GetString(),
                (await engine.Api.InspectAsync(found.Name))!.Value.GetProperty("Image").GetString());
        }
        finally
        {
            await engine.Api.RemoveAsync($"images/{tag}?force=true");
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task An_image_with_our_tag_that_does_not_hold_our_program_is_not_used()
    {
        var binary = Require();
        var instance = engine.NewInstance();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance, binary);
        var tag = await TagAsync();
        await engine.Api.PostAsync($"images/{engine.Image}/tag?repo=polyclaw-toolserver&tag={tag.Split(':')[1]}", "");
        try
        {
            await using var child = await runtime.StartAsync(DockerTests.Launch(engine, "genuine", "") with { Image = null, Args = [] }, Token);
            var config = (await engine.Api.InspectAsync(child.Name))!.Value.GetProperty("Config");
            Assert.Equal("/polyclaw-toolserver", config.GetProperty("Entrypoint")[0].GetString());
        }
        finally
        {
            await engine.Api.RemoveAsync($"images/{tag}?force=true");
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Without_a_program_the_fault_is_the_one_that_says_why()
    {
        engine.Require();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, engine.NewInstance());
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => runtime.StartAsync(DockerTests.Launch(engine, "none", "") with { Image = null }, Token));
        Assert.Equal("toolserver_missing", thrown.Fault.Code);
        File.Delete(_path);
        await using var unreadable = await DockerTests.OpenAsync(engine.Endpoint, engine.NewInstance(), new Binary(_path));
        var absent = await Assert.ThrowsAsync<RuntimeFaultException>(() => unreadable.StartAsync(DockerTests.Launch(engine, "none", "") with { Image = null }, Token));
        Assert.Equal(_path, absent.Fault.Path);
    }

    public void Dispose()
    {
        File.Delete(_path);
        GC.SuppressFinalize(this);
    }

    private Binary Require()
    {
        engine.Require();
        Assert.SkipUnless(RuntimeInformation.OSArchitecture is Architecture.X64, "the stand-in program is for x86-64");
        // Its own bytes for each test, so that tests do not find each other's image.
        File.WriteAllBytes(_path, TinyProgram.Echo(_path));
        return new(_path);
    }

    private async Task<string> TagAsync() =>
        "polyclaw-toolserver:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(_path, Token)))[..12];

    private sealed class Binary(string path) : IToolServerBinary
    {
        private int _asked;

        public int Asked => _asked;

        public ToolServerBinary Look() => new ToolServerBinary.Found(path);

        public Task<ToolServerBinary> GetAsync(IProgress<string> progress, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult(Look());
        }
    }
}
