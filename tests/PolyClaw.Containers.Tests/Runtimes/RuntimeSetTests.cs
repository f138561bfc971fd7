using Microsoft.Extensions.Time.Testing;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Runtimes;

public sealed class RuntimeSetTests
{
    private static readonly Fault NoCompiler = new("toolserver_missing", "there is no gcc to link it with", Fix: "install gcc");
    private static readonly ChildLaunch Code = Engines.Launches.Good with { Image = null };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Takes_the_first_runtime_for_code_and_says_so()
    {
        await using var set = Set(new RuntimeFinding(Named("docker", Isolation.Container)), new RuntimeFinding(Named("local", Isolation.Sandbox)));
        Assert.Equal("docker", (await set.ChooseAsync(Code, Isolation.Process, new Heard(), Token)).Info.Name);
        Assert.Equal(new RuntimeInfo("docker", Isolation.Container, "about docker"), set.Current);
    }

    [Fact]
    public async Task Takes_the_local_runtime_for_code_where_Docker_has_no_ToolServer_and_says_why()
    {
        await using var set = Set(
            new RuntimeFinding(Named("docker", Isolation.Container), "Docker runs images only, since there is no gcc to link it with", NoCompiler),
            new RuntimeFinding(Named("local", Isolation.Sandbox)));
        Assert.Equal("local", (await set.ChooseAsync(Code, Isolation.Process, new Heard(), Token)).Info.Name);
        Assert.Equal("docker", (await set.ChooseAsync(Engines.Launches.Good, Isolation.Process, new Heard(), Token)).Info.Name);
        Assert.Equal(new RuntimeInfo("local", Isolation.Sandbox, "about local; Docker runs images only, since there is no gcc to link it with"), set.Current);
    }

    [Fact]
    public async Task Has_ToolServer_made_at_the_first_launch_that_needs_it()
    {
        var binary = new Binary(new ToolServerBinary.Found("/made"));
        await using var set = Set(new RuntimeFinding(Named("docker", Isolation.Container), "ToolServer is published at its first use", Unmade: binary));
        await set.OpenAsync(Token);
        Assert.Equal("about docker; ToolServer is published at its first use", set.Current.Detail);
        await set.ChooseAsync(Engines.Launches.Good, Isolation.Container, new Heard(), Token);
        Assert.Equal(0, binary.Asked);
        var heard = new Heard();
        await set.ChooseAsync(Code, Isolation.Container, heard, Token);
        await set.ChooseAsync(Code, Isolation.Container, heard, Token);
        Assert.Equal(1, binary.Asked);
        Assert.Equal(["making"], heard.Messages);
        Assert.Equal("about docker", set.Current.Detail);
    }

    [Fact]
    [Trait("Promise", "P46")]
    public async Task A_ToolServer_that_cannot_be_made_never_weakens_what_was_allowed_but_what_is_allowed_next()
    {
        await using var set = Set(
            new RuntimeFinding(Named("docker", Isolation.Container), Unmade: new Binary(new ToolServerBinary.Missing(NoCompiler))),
            new RuntimeFinding(Named("local", Isolation.Sandbox)));
        await set.OpenAsync(Token);
        Assert.Equal(Isolation.Container, set.Current.Isolation);
        var refused = await Assert.ThrowsAsync<RuntimeFaultException>(() => set.ChooseAsync(Code, Isolation.Container, new Heard(), Token));
        Assert.Equal("isolation_weaker", refused.Fault.Code);
        Assert.Contains("no gcc", refused.Fault.Message, StringComparison.Ordinal);
        Assert.True(refused.Transient);

        Assert.Equal(new RuntimeInfo("local", Isolation.Sandbox, "about local; Docker runs images only, since there is no gcc to link it with"), set.Current);
        Assert.Equal("local", (await set.ChooseAsync(Code, set.Current.Isolation, new Heard(), Token)).Info.Name);
        Assert.Equal("docker", (await set.ChooseAsync(Engines.Launches.Good, set.Current.Isolation, new Heard(), Token)).Info.Name);
    }

    [Fact]
    public async Task With_no_runtime_it_says_why_there_is_none()
    {
        await using var set = Set(new RuntimeFinding(null, "Docker is not used: nobody answers"));
        var refused = await Assert.ThrowsAsync<RuntimeFaultException>(() => set.ChooseAsync(Code, Isolation.Process, new Heard(), Token));
        Assert.Contains("nobody answers", refused.Fault.Message, StringComparison.Ordinal);
        Assert.Equal("none", set.Current.Name);
    }

    [Fact]
    [Trait("Fault", "F4")]
    public async Task An_engine_that_comes_later_is_looked_for_at_the_next_need_and_swept_before_use()
    {
        var clock = new FakeTimeProvider();
        var docker = new Late(Named("docker", Isolation.Container));
        await using var set = new RuntimeSet([docker, new Source(new RuntimeFinding(Named("local", Isolation.Process)))], clock);
        await set.OpenAsync(Token);
        await Assert.ThrowsAsync<RuntimeFaultException>(() => set.ChooseAsync(Code, Isolation.Container, new Heard(), Token));
        docker.IsThere = true;
        await Assert.ThrowsAsync<RuntimeFaultException>(() => set.ChooseAsync(Code, Isolation.Container, new Heard(), Token));
        Assert.Equal(1, docker.Asked);

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("docker", (await set.ChooseAsync(Code, Isolation.Container, new Heard(), Token)).Info.Name);
        Assert.Equal((2, 1), (docker.Asked, docker.Runtime.Sweeps));
        Assert.Equal(new RuntimeInfo("docker", Isolation.Container, "about docker"), set.Current);
        clock.Advance(TimeSpan.FromMinutes(1));
        await set.ChooseAsync(Code, Isolation.Container, new Heard(), Token);
        Assert.Equal(2, docker.Asked);
    }

    [Fact]
    [Trait("Fault", "F4")]
    public async Task An_engine_that_cannot_be_swept_is_not_used_and_asked_for_again()
    {
        var clock = new FakeTimeProvider();
        var docker = new Late(Named("docker", Isolation.Container)) { IsThere = true };
        docker.Runtime.SweepFails = new RuntimeFaultException(new Fault("engine_timeout", "it did not list containers"), transient: true);
        await using var set = new RuntimeSet([docker], clock);
        docker.IsThere = false;
        await set.OpenAsync(Token);
        docker.IsThere = true;
        clock.Advance(TimeSpan.FromSeconds(5));
        var refused = await Assert.ThrowsAsync<RuntimeFaultException>(() => set.ChooseAsync(Code, Isolation.Process, new Heard(), Token));
        Assert.Contains("it did not list containers", refused.Fault.Message, StringComparison.Ordinal);
        docker.Runtime.SweepFails = null;
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("docker", (await set.ChooseAsync(Code, Isolation.Process, new Heard(), Token)).Info.Name);
    }

    [Fact]
    [Trait("Fault", "F4")]
    public async Task Whoever_asks_what_children_run_with_has_it_looked_for_too()
    {
        var clock = new FakeTimeProvider();
        var docker = new Late(Named("docker", Isolation.Container));
        await using var set = new RuntimeSet([docker], clock);
        await set.OpenAsync(Token);
        docker.IsThere = true;
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("none", set.Current.Name);
        await docker.Found.WaitAsync(Token);
        while (set.Current.Name != "docker")
            await Task.Yield();
        Assert.Equal(2, docker.Asked);
    }

    private static RuntimeSet Set(params RuntimeFinding[] findings) => new([.. findings.Select(finding => new Source(finding))], TimeProvider.System);

    private static Runtime Named(string name, Isolation isolation) => new(new RuntimeInfo(name, isolation, "about " + name));

    private sealed class Source(RuntimeFinding finding) : IRuntimeSource
    {
        public Task<RuntimeFinding> FindAsync(CancellationToken cancellationToken) => Task.FromResult(finding);
    }

    /// <summary>An engine that is not there at first.</summary>
    private sealed class Late(Runtime runtime) : IRuntimeSource
    {
        private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Runtime Runtime => runtime;

        public bool IsThere { get; set; }

        public int Asked { get; private set; }

        public Task Found => _found.Task;

        public Task<RuntimeFinding> FindAsync(CancellationToken cancellationToken)
        {
            Asked++;
            if (!IsThere)
                return Task.FromResult(new RuntimeFinding(null, "Docker is not used: nobody answers", Again: this));
            _found.TrySetResult();
            return Task.FromResult(new RuntimeFinding(runtime));
        }
    }

    private sealed class Binary(ToolServerBinary made) : IToolServerBinary
    {
        public int Asked { get; private set; }

        public ToolServerBinary Look() => new ToolServerBinary.Unmade();

        public Task<ToolServerBinary> GetAsync(IProgress<string> progress, CancellationToken cancellationToken)
        {
            Asked++;
            progress.Report("making");
            return Task.FromResult(made);
        }
    }

    private sealed class Runtime(RuntimeInfo info) : IRuntime
    {
        public RuntimeInfo Info => info;

        public Fault? Refuses(ChildLaunch launch) => null;

        public Task<IChild> StartAsync(ChildLaunch launch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public int Sweeps { get; private set; }

        public RuntimeFaultException? SweepFails { get; set; }

        public Task<IReadOnlyList<string>> SweepAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken)
        {
            Sweeps++;
            return SweepFails is { } refused ? Task.FromException<IReadOnlyList<string>>(refused) : Task.FromResult<IReadOnlyList<string>>([]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
