#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Runtime.InteropServices;
using PolyClaw.Containers.Images;

namespace PolyClaw.Containers.Tests.Images;

public sealed class DockerPublisherTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pc-docker-publish-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Output => Path.Combine(_folder.FullName, "out");

    [Fact]
    public async Task Builds_takes_the_program_out_and_leaves_no_container()
    {
        Docker("case $1 in cp) echo program >\"$3\" ;; esac");
        Assert.Null(Publisher().Problem());
        Assert.Null(await PublishAsync(Publisher()));
        Assert.Equal("program\n", await File.ReadAllTextAsync(Path.Combine(Output, "polyclaw-toolserver"), Token));
        var calls = await CallsAsync();
        Assert.Equal(["build", "create", "cp", "rm"], calls.Select(call => call.Split(' ')[0]));
        Assert.Contains("SDK_IMAGE=an/sdk:1 --build-arg RUNTIME_ID=linux-arm64", calls[0], StringComparison.Ordinal);
        var name = calls[1].Split(' ')[2];
        Assert.StartsWith($"cp {name}:/polyclaw-toolserver ", calls[2], StringComparison.Ordinal);
        Assert.Equal($"rm -f {name}", calls[3]);
    }

    [Theory]
    [InlineData("build", "could not be built inside an/sdk:1", new[] { "build" })]
    [InlineData("create", "could not be taken out", new[] { "build", "create", "rm" })]
    [InlineData("cp", "could not be taken out", new[] { "build", "create", "cp", "rm" })]
    public async Task What_the_command_complains_of_is_told(string fails, string told, string[] calls)
    {
        Docker($"if [ $1 = {fails} ]; then echo 'error: no space' >&2; exit 1; fi");
        var fault = await PublishAsync(Publisher());
        Assert.Equal("toolserver_missing", fault!.Code);
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
        Assert.Contains("no space", fault.Message, StringComparison.Ordinal);
        Assert.Equal(calls, (await CallsAsync()).Select(call => call.Split(' ')[0]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Given_up_it_leaves_no_build_behind()
    {
        Docker("mkfifo \"$0.held\" && echo $$ >\"$0.pid\" && read -r _ <\"$0.held\"");
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var publishing = PublishAsync(Publisher(), given.Token);
        var pid = Path.Combine(_folder.FullName, "docker.pid");
        while (!File.Exists(pid) || new FileInfo(pid).Length == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
        while (Directory.Exists("/proc/" + (await File.ReadAllTextAsync(pid, Token)).Trim()))
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        Assert.Equal(["build"], (await CallsAsync()).Select(call => call.Split(' ')[0]));
    }

    [Fact]
    public void Without_the_command_it_says_what_is_missing() =>
        Assert.Contains("no docker command", new DockerPublisher("an/sdk:1", null, name => name == "PATH" ? _folder.FullName : null).Problem()!.Message, StringComparison.Ordinal);

    /// <summary>By hand, where <c>eng/bases.sh sdk</c> has made the SDK's image: it compiles and links a native program.</summary>
    [Fact(Explicit = true)]
    public async Task Makes_a_static_program_inside_an_SDKs_image_on_a_real_engine()
    {
        var publisher = new DockerPublisher("polyclaw-base/sdk:10.0", "host", Environment.GetEnvironmentVariable);
        var checkout = ToolServerCheckout.Find(AppContext.BaseDirectory)!;
        var runtime = "linux-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        Assert.Null(await publisher.PublishAsync(checkout, runtime, Output, _folder.FullName, Token));
        Assert.True(StaticProgram.Is(Path.Combine(Output, "polyclaw-toolserver"), RuntimeInformation.OSArchitecture));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A <c>docker</c> command that writes down how it was called.</summary>
    private void Docker(string script)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("the stand-in command is a shell script");
        var file = Path.Combine(_folder.FullName, "docker");
        File.WriteAllText(file, $"#!/bin/sh\necho \"$*\" >>\"$0.calls\"\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<string[]> CallsAsync() => File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "docker.calls"), Token);

    private DockerPublisher Publisher() => new("an/sdk:1", null, name => name == "PATH" ? $"{_folder.FullName}{Path.PathSeparator}/usr/bin{Path.PathSeparator}/bin" : null);

    private Task<Core.Goals.Fault?> PublishAsync(DockerPublisher publisher, CancellationToken? token = null) =>
        publisher.PublishAsync(new ToolServerCheckout(_folder.FullName), "linux-arm64", Output, _folder.FullName, token ?? Token);
}
