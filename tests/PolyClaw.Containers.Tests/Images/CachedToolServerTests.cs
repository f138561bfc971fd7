#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes.Local;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Tests.Images;

public sealed class CachedToolServerTests : IDisposable
{
    private const int TestTimeout = 60_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pc-cached-");
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Cache => Path.Combine(_folder.FullName, "cache");

    [Fact(Timeout = TestTimeout)]
    public async Task Takes_the_static_program_beside_the_app_and_publishes_nothing()
    {
        var publisher = new FakePublisher();
        var beside = Directory.CreateDirectory(Path.Combine(_folder.FullName, "app", "toolserver"));
        var file = Path.Combine(beside.FullName, "polyclaw-toolserver");
        await File.WriteAllBytesAsync(file, Program(), Token);
        using var server = Open(publisher);
        Assert.Equal(file, Assert.IsType<ToolServerBinary.Found>(server.Look()).Path);
        Assert.Equal(file, Assert.IsType<ToolServerBinary.Found>(await server.GetAsync(new Heard(), Token)).Path);
        Assert.Equal(0, publisher.Published);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Publishes_once_tells_of_it_and_finds_it_the_next_time()
    {
        Checkout();
        var publisher = new FakePublisher();
        var heard = new Heard();
        using var first = Open(publisher);
        Assert.IsType<ToolServerBinary.Unmade>(first.Look());
        var made = Assert.IsType<ToolServerBinary.Found>(await first.GetAsync(heard, Token));
        Assert.Contains(heard.Messages, line => line.Contains("publishing ToolServer", StringComparison.Ordinal));
        Assert.StartsWith(Cache, made.Path, StringComparison.Ordinal);

        using var second = Open(publisher);
        Assert.Equal(made, second.Look());
        Assert.Equal(made, await second.GetAsync(heard, Token));
        Assert.Equal(1, publisher.Published);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Two_that_need_it_at_once_publish_it_once()
    {
        Checkout();
        var publisher = new FakePublisher { Gate = new TaskCompletionSource() };
        using var one = Open(publisher, TimeProvider.System);
        using var other = Open(publisher, TimeProvider.System);
        var heard = new Heard();
        var first = one.GetAsync(new Heard(), Token);
        await publisher.Begun.Task.WaitAsync(Token);
        var second = other.GetAsync(heard, Token);
        var third = one.GetAsync(heard, Token);
        Assert.Contains("waiting for another PolyClaw that is publishing ToolServer", heard.Messages);
        Assert.Contains("waiting until ToolServer is published", heard.Messages);
        publisher.Gate.SetResult();
        Assert.Equal(await first, await second);
        Assert.Equal(await first, await third);
        Assert.Equal(1, publisher.Published);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Other_sources_make_another_program_and_the_oldest_go()
    {
        Checkout();
        var publisher = new FakePublisher();
        var paths = new List<string>();
        for (var version = 0; version < 6; version++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "src", "PolyClaw.ToolServer", "Program.cs"), $"// {version}", Token);
            using var server = Open(publisher);
            paths.Add(Assert.IsType<ToolServerBinary.Found>(await server.GetAsync(new Heard(), Token)).Path);
        }

        Assert.Equal(6, paths.Distinct().Count());
        Assert.True(File.Exists(paths[^1]));
        Assert.Equal(4, paths.Count(File.Exists));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task What_a_killed_publish_left_is_no_program()
    {
        Checkout();
        var publisher = new FakePublisher { Fails = true };
        using (var killed = Open(publisher))
            await killed.GetAsync(new Heard(), Token);
        var half = Directory.EnumerateDirectories(Cache, "*.half").Single();
        Assert.True(File.Exists(Path.Combine(half, "polyclaw-toolserver")));
        publisher.Fails = false;
        using var next = Open(publisher);
        Assert.IsType<ToolServerBinary.Unmade>(next.Look());
        Assert.IsType<ToolServerBinary.Found>(await next.GetAsync(new Heard(), Token));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_failure_is_told_and_not_waited_for_twice()
    {
        Checkout();
        var publisher = new FakePublisher { Fails = true };
        using var server = Open(publisher);
        var missing = Assert.IsType<ToolServerBinary.Missing>(await server.GetAsync(new Heard(), Token));
        Assert.Equal("toolserver_missing", missing.Error.Code);
        Assert.Contains("no such linker", missing.Error.Message, StringComparison.Ordinal);
        Assert.Same(missing, await server.GetAsync(new Heard(), Token));
        Assert.Same(missing, server.Look());
        Assert.Equal(1, publisher.Published);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_publish_that_does_not_end_is_given_up_and_told()
    {
        Checkout();
        var publisher = new FakePublisher { Gate = new TaskCompletionSource() };
        using var server = Open(publisher);
        var heard = new Heard();
        var asked = server.GetAsync(heard, Token);
        await publisher.Begun.Task.WaitAsync(Token);
        _clock.Advance(publisher.Limit);
        Assert.Contains("within 240 s", Assert.IsType<ToolServerBinary.Missing>(await asked).Error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_caller_that_gives_up_ends_the_publish_and_the_next_one_starts_it_again()
    {
        Checkout();
        var publisher = new FakePublisher { Gate = new TaskCompletionSource() };
        using var server = Open(publisher);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asked = server.GetAsync(new Heard(), given.Token);
        await publisher.Begun.Task.WaitAsync(Token);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        publisher.Gate.SetResult();
        Assert.IsType<ToolServerBinary.Found>(await server.GetAsync(new Heard(), Token));
        Assert.Equal(2, publisher.Published);
    }

    [Fact]
    public void Without_a_checkout_or_a_compiler_it_says_what_is_missing()
    {
        using (var alone = Open(new FakePublisher()))
            Assert.Equal("toolserver_missing", Assert.IsType<ToolServerBinary.Missing>(alone.Look()).Error.Code);
        Checkout();
        using var without = Open(new DotnetPublisher(Sdk(), name => name == "PATH" ? _folder.FullName : null));
        Assert.Contains("no gcc", Assert.IsType<ToolServerBinary.Missing>(without.Look()).Error.Message, StringComparison.Ordinal);
        using var bare = Open(new DotnetPublisher(null, _ => null));
        Assert.Contains("no .NET SDK", Assert.IsType<ToolServerBinary.Missing>(bare.Look()).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_needs_a_loader_or_another_processor_is_not_static()
    {
        var file = Path.Combine(_folder.FullName, "program");
        var good = Program();
        File.WriteAllBytes(file, good);
        Assert.True(StaticProgram.Is(file, RuntimeInformation.OSArchitecture));
        Assert.False(StaticProgram.Is(file, Architecture.S390x));
        Assert.False(StaticProgram.Is("/bin/sh", RuntimeInformation.OSArchitecture));
        for (var length = 0; length < 120; length++)
        {
            File.WriteAllBytes(file, good[..length]);
            Assert.False(StaticProgram.Is(file, RuntimeInformation.OSArchitecture), $"cut at {length}");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Program()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture is Architecture.X64, "the stand-in program is for x86-64 Linux");
        return TinyProgram.Echo("cached");
    }

    private string Sdk()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "dotnet", "sdk"));
        return Path.Combine(_folder.FullName, "dotnet", "dotnet");
    }

    private void Checkout()
    {
        _ = Program();
        var sources = Directory.CreateDirectory(Path.Combine(_folder.FullName, "src", "PolyClaw.ToolServer"));
        File.WriteAllText(Path.Combine(_folder.FullName, "PolyClaw.slnx"), "<Solution />");
        File.WriteAllText(Path.Combine(sources.FullName, "PolyClaw.ToolServer.csproj"), "<Project />");
        File.WriteAllText(Path.Combine(sources.FullName, "Program.cs"), "");
    }

    private CachedToolServer Open(IToolServerPublisher publisher, TimeProvider? clock = null)
    {
        var app = Path.Combine(_folder.FullName, "app");
        Directory.CreateDirectory(app);
        return new(new ToolServerLocator(null, app, _ => null, null), ToolServerCheckout.Find(app), publisher, Cache, clock ?? _clock);
    }

    private sealed class FakePublisher : IToolServerPublisher
    {
        private int _published;

        public int Published => _published;

        public TimeSpan Limit => TimeSpan.FromSeconds(240);

        public bool Fails { get; set; }

        public TaskCompletionSource? Gate { get; init; }

        public TaskCompletionSource Begun { get; } = new();

        public Fault? Problem() => null;

        public async Task<Fault?> PublishAsync(ToolServerCheckout checkout, string runtimeIdentifier, string output, string work, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _published);
            Begun.TrySetResult();
            if (Gate is not null)
                await Gate.Task.WaitAsync(cancellationToken);
            Directory.CreateDirectory(output);
            await File.WriteAllBytesAsync(Path.Combine(output, "polyclaw-toolserver"), Program(), cancellationToken);
            return Fails ? new Fault("toolserver_missing", "dotnet publish of ToolServer failed: no such linker") : null;
        }
    }
}
