using Microsoft.Extensions.Logging.Abstractions;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Tests.Runtimes;

[Collection(DefaultEngineTests.Name)]
public sealed class DockerRuntimeOnTheDefaultEngine(DefaultEngine engine) : DockerRuntimeContract(engine);

[Collection(Engine28Tests.Name)]
public sealed class DockerRuntimeOnEngine28(Engine28 engine) : DockerRuntimeContract(engine);

[Collection(TlsEngineTests.Name)]
[Trait("Promise", "P66")]
public sealed class DockerRuntimeOnAnEngineOverTls(TlsEngine engine) : DockerRuntimeContract(engine);

/// <summary>The Docker runtime keeps the contract, on whichever engine.</summary>
public abstract class DockerRuntimeContract(TestEngine engine) : RuntimeContract
{
    private protected override Task<IRuntime> OpenAsync(string instance) => DockerTests.OpenAsync(engine, instance);

    private protected override string NewInstance()
    {
        engine.Require();
        return engine.NewInstance();
    }

    private protected override Task<IReadOnlyList<string>> LeftAsync(string instance) => engine.Api.NamesAsync(instance);

    private protected override ChildLaunch Launch(string server, string script) => DockerTests.Launch(engine, server, script);
}

/// <summary>What tests of the Docker runtime share.</summary>
internal static class DockerTests
{
    public static readonly DockerDeadlines Quick = new()
    {
        EndOfInput = TimeSpan.FromMilliseconds(400),
        Terminate = TimeSpan.FromMilliseconds(800),
    };

    public static async Task<IRuntime> OpenAsync(TestEngine engine, string instance) =>
        await OpenAsync(engine.Endpoint, instance);

    public static async Task<DockerRuntime> OpenAsync(DockerEndpoint endpoint, string instance, IToolServerBinary? binary = null, DockerDeadlines? deadlines = null, WatchdogLaunch? watchdog = null)
    {
        var probe = await DockerRuntime.ConnectAsync(endpoint, instance, binary ?? new NoToolServer(), deadlines ?? Quick, TimeProvider.System, NullLogger.Instance, watchdog, TestContext.Current.CancellationToken);
        return Assert.IsType<DockerProbe.Ready>(probe).Runtime;
    }

    public static ChildLaunch Launch(TestEngine engine, string server, string script, HardeningTier tier = HardeningTier.ToolCode) => new(
        "tests", server, "key-1", "run_test", new string('0', 64), tier, engine.Image, ["sh", "-c", script], new Dictionary<string, string>(), 500_000_000, 64 << 20, 32);

    private sealed class NoToolServer : IToolServerBinary
    {
        public ToolServerBinary Look() => new ToolServerBinary.Missing(new Fault("toolserver_missing", "none in this test"));

        public Task<ToolServerBinary> GetAsync(IProgress<string> progress, CancellationToken cancellationToken) => Task.FromResult(Look());
    }
}
