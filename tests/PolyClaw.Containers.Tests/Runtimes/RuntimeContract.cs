#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Security.Cryptography;
using System.Text;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Runtimes;

/// <summary>
/// What every runtime must do. A subclass says how to open one and what may be run in it; a child here is <c>sh -c SCRIPT</c> of busybox. Each
/// test has an instance id of its own, so that tests do not see each other.
/// </summary>
public abstract class RuntimeContract
{
    private protected const int TestTimeout = 60_000;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens a runtime for an instance. The ladder's patience is at most 1 s a step, so that tests are quick.</summary>
    private protected abstract Task<IRuntime> OpenAsync(string instance);

    /// <summary>An id that no other test uses.</summary>
    private protected abstract string NewInstance();

    /// <summary>Names of all that exists of an instance, seen with other eyes than the runtime's.</summary>
    private protected abstract Task<IReadOnlyList<string>> LeftAsync(string instance);

    /// <summary>A launch that runs a busybox shell script.</summary>
    private protected abstract ChildLaunch Launch(string server, string script);

    /// <summary>Whether the memory limit ends a child and says so.</summary>
    private protected virtual bool EndsAtMemoryLimit => true;

    [Fact(Timeout = TestTimeout), Trait("Promise", "P03")]
    public async Task What_is_written_to_a_child_comes_back_from_it()
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("echo", "exec cat"), Token);
        await WriteAsync(child, "hello\n");
        Assert.Equal("hello", await ReadLineAsync(child));
        await WriteAsync(child, "and again, with ünïcödé\n");
        Assert.Equal("and again, with ünïcödé", await ReadLineAsync(child));
        Assert.False(child.Exited.IsCompleted);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task The_first_byte_is_not_lost_though_the_child_writes_at_once()
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("eager", "echo first; exec cat"), Token);
        Assert.Equal("first", await ReadLineAsync(child));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Closing_the_input_is_end_of_input_and_leaves_the_output_open()
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("half", "cat >/dev/null; echo after the end"), Token);
        await WriteAsync(child, "ignored\n");
        await child.Input.DisposeAsync();
        Assert.Equal("after the end", await ReadLineAsync(child));
        Assert.Equal(new ChildExit(0, OutOfMemory: false), await child.Exited.WaitAsync(Token));
    }

    [Theory(Timeout = TestTimeout), InlineData(0), InlineData(3), InlineData(255)]
    public async Task The_exit_code_is_told_as_it_was(int code)
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("exits", $"exit {code}"), Token);
        Assert.Equal(new ChildExit(code, OutOfMemory: false), await child.Exited.WaitAsync(Token));
        Assert.Equal("", await ReadToEndAsync(child));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_child_that_ends_by_itself_leaves_nothing_after_disposal()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        await using (var child = await runtime.StartAsync(Launch("brief", "exit 1"), Token))
            await child.Exited.WaitAsync(Token);
        Assert.Empty(await LeftAsync(instance));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Stderr_is_kept_apart_from_stdout()
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("two", "echo wrong >&2; echo right; exit 4"), Token);
        Assert.Equal("right\n", await ReadToEndAsync(child));
        await child.Exited.WaitAsync(Token);
        Assert.Equal("wrong\n", child.ErrorTail);
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T19"), Trait("Fault", "F5")]
    public async Task A_flood_on_stderr_keeps_its_last_256_KiB_and_blocks_nothing()
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("flood", "dd if=/dev/zero bs=65536 count=80 2>/dev/null | tr '\\000' 'e' >&2; echo last words >&2; echo done"), Token);
        Assert.Equal("done\n", await ReadToEndAsync(child));
        await child.Exited.WaitAsync(Token);
        Assert.EndsWith("elast words\n", child.ErrorTail, StringComparison.Ordinal);
        Assert.Equal(256 * 1024, Encoding.UTF8.GetByteCount(child.ErrorTail));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Five_megabytes_go_through_unchanged()
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("large", "exec cat"), Token);
        var sent = new byte[5_000_003];
        new Random(7).NextBytes(sent);
        var writing = Task.Run(
            async () =>
            {
                await child.Input.WriteAsync(sent, Token);
                await child.Input.DisposeAsync();
            },
            Token);
        using var received = new MemoryStream();
        await child.Output.CopyToAsync(received, Token);
        await writing;
        Assert.Equal(Convert.ToHexString(SHA256.HashData(sent)), Convert.ToHexString(SHA256.HashData(received.ToArray())));
    }

    [Fact(Timeout = TestTimeout), Trait("Fault", "F5")]
    public async Task A_flood_that_nobody_reads_waits_and_can_be_stopped()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        var child = await runtime.StartAsync(Launch("unread", "echo begun >&2; exec cat /dev/zero"), Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await child.StopAsync(Token);
        // A flood that was taken in would be gigabytes; what tests beside this one hold is some of it.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 << 20);
        Assert.True(child.Exited.IsCompleted);
        Assert.Empty(await LeftAsync(instance));
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P43")]
    public async Task Stopping_begins_with_end_of_input()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        await using var child = await runtime.StartAsync(Launch("polite", "cat; exit 5"), Token);
        await child.StopAsync(Token);
        Assert.Equal(new ChildExit(5, OutOfMemory: false), await child.Exited);
        Assert.Empty(await LeftAsync(instance));
        await child.StopAsync(Token);
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P43")]
    public async Task A_child_that_ignores_end_of_input_is_told_to_terminate()
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("deaf", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"), Token);
        Assert.Equal("ready", await ReadLineAsync(child));
        await child.StopAsync(Token);
        Assert.Equal(new ChildExit(7, OutOfMemory: false), await child.Exited);
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P43")]
    public async Task A_child_that_ignores_everything_is_killed()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        await using var child = await runtime.StartAsync(Launch("stubborn", "trap '' TERM INT HUP; echo ready; while :; do sleep 0.05; done"), Token);
        Assert.Equal("ready", await ReadLineAsync(child));
        await child.StopAsync(Token);
        Assert.Equal(new ChildExit(137, OutOfMemory: false), await child.Exited);
        Assert.Empty(await LeftAsync(instance));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Disposal_kills_without_patience()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        var child = await runtime.StartAsync(Launch("disposed", "trap '' TERM; echo ready; while :; do sleep 0.05; done"), Token);
        Assert.Equal("ready", await ReadLineAsync(child));
        await child.DisposeAsync();
        Assert.True(child.Exited.IsCompleted);
        Assert.Empty(await LeftAsync(instance));
        await child.DisposeAsync();
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Writing_to_a_child_that_has_ended_fails()
    {
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("dead", "exit 0"), Token);
        await child.Exited.WaitAsync(Token);
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(child, "anybody?\n"));
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P03")]
    public async Task The_memory_limit_ends_a_child_and_is_named_as_the_cause()
    {
        Assert.SkipUnless(EndsAtMemoryLimit, "this runtime does not tell the memory limit from another kill");
        await using var runtime = await OpenAsync(NewInstance());
        await using var child = await runtime.StartAsync(Launch("hog", "exec tail /dev/zero") with { MemoryBytes = 24 << 20 }, Token);
        Assert.Equal(new ChildExit(137, OutOfMemory: true), await child.Exited.WaitAsync(Token));
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T08")]
    public async Task A_child_sees_the_environment_it_was_given_and_nothing_of_ours()
    {
        Environment.SetEnvironmentVariable("PC_CANARY", "canary-5f2e81");
        await using var runtime = await OpenAsync(NewInstance());
        var launch = Launch("env", "env; cat /proc/1/environ /proc/self/environ | tr '\\000' '\\n'; cat /proc/*/cmdline | tr '\\000' ' '");
        await using var child = await runtime.StartAsync(launch with { Env = new Dictionary<string, string> { ["GIVEN"] = "yes $HOME ${PC_CANARY}" } }, Token);
        var seen = await ReadToEndAsync(child);
        Assert.Contains("GIVEN=yes $HOME ${PC_CANARY}", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-5f2e81", seen, StringComparison.Ordinal);
        var names = seen.Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal)).Select(line => line[..line.IndexOf('=', StringComparison.Ordinal)]).Distinct();
        Assert.Empty(names.Except(["GIVEN", "HOME", "PATH", "HOSTNAME", "PWD", "SHLVL", "OLDPWD", "_"]));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task The_name_is_the_same_at_every_start_and_different_for_every_server_and_tenant()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        var launch = Launch("a-b", "exec cat");
        string first;
        await using (var child = await runtime.StartAsync(launch with { Tenant = "c" }, Token))
            first = child.Name;
        await using var again = await runtime.StartAsync(launch with { Tenant = "c" }, Token);
        await using var twin = await runtime.StartAsync(launch with { Server = "b", Tenant = "c-a" }, Token);
        Assert.Equal(first, again.Name);
        Assert.NotEqual(first, twin.Name);
        Assert.Equal(new[] { again.Name, twin.Name }.Order(), (await LeftAsync(instance)).Order());
    }

    [Fact(Timeout = TestTimeout), Trait("Fault", "F3")]
    public async Task A_second_start_of_the_same_name_replaces_the_first()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        await using var first = await runtime.StartAsync(Launch("same", "exec cat"), Token);
        await using var second = await runtime.StartAsync(Launch("same", "echo second; exec cat"), Token);
        await first.Exited.WaitAsync(Token);
        Assert.Equal("second", await ReadLineAsync(second));
        await first.DisposeAsync();
        await WriteAsync(second, "still here\n");
        Assert.Equal("still here", await ReadLineAsync(second));
        Assert.Equal([second.Name], await LeftAsync(instance));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Ten_start_at_once_and_each_answers()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        var children = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => runtime.StartAsync(Launch("many-" + index, "exec cat"), Token)));
        await Task.WhenAll(children.Select(async (child, index) =>
        {
            await WriteAsync(child, $"number {index}\n");
            Assert.Equal($"number {index}", await ReadLineAsync(child));
        }));
        Assert.Equal(10, (await LeftAsync(instance)).Count);
        await Task.WhenAll(children.Select(child => child.DisposeAsync().AsTask()));
        Assert.Empty(await LeftAsync(instance));
    }

    [Theory(Timeout = TestTimeout), InlineData(0), InlineData(2), InlineData(10), InlineData(30), InlineData(60), InlineData(100), InlineData(150)]
    public async Task A_cancelled_start_leaves_nothing(int afterMs)
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        cancelled.CancelAfter(afterMs);
        try
        {
            await using var child = await runtime.StartAsync(Launch("cancelled", "exec cat"), cancelled.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.True(cancelled.IsCancellationRequested);
        }
        Assert.Empty(await LeftAsync(instance));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Disposing_of_the_runtime_leaves_nothing()
    {
        var instance = NewInstance();
        var runtime = await OpenAsync(instance);
        var children = await Task.WhenAll(Enumerable.Range(0, 3).Select(index => runtime.StartAsync(Launch("left-" + index, "trap '' TERM; while :; do sleep 0.1; done"), Token)));
        await runtime.DisposeAsync();
        Assert.All(children, child => Assert.True(child.Exited.IsCompleted));
        Assert.Empty(await LeftAsync(instance));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runtime.StartAsync(Launch("late", "exec cat"), Token));
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T28")]
    public async Task A_sweep_removes_what_is_not_kept_and_leaves_other_instances_alone()
    {
        var (instance, other) = (NewInstance(), NewInstance());
        await using var runtime = await OpenAsync(instance);
        await using var neighbour = await OpenAsync(other);
        await using var kept = await runtime.StartAsync(Launch("kept", "exec cat"), Token);
        await using var swept = await runtime.StartAsync(Launch("swept", "exec cat"), Token);
        await using var foreign = await neighbour.StartAsync(Launch("foreign", "exec cat"), Token);
        Assert.Equal([swept.Name], await runtime.SweepAsync(new HashSet<string> { kept.Name }, Token));
        await swept.Exited.WaitAsync(Token);
        Assert.Equal([kept.Name], await LeftAsync(instance));
        Assert.Equal([foreign.Name], await LeftAsync(other));
        await WriteAsync(kept, "alive\n");
        Assert.Equal("alive", await ReadLineAsync(kept));
        Assert.Empty(await runtime.SweepAsync(new HashSet<string> { kept.Name }, Token));
    }

    [Fact(Timeout = TestTimeout), Trait("BadInput", "B30"), Trait("BadInput", "B36"), Trait("Threat", "T06")]
    public async Task A_launch_that_breaks_a_rule_is_refused_with_its_path_and_starts_nothing()
    {
        var instance = NewInstance();
        await using var runtime = await OpenAsync(instance);
        var good = Launch("good", "exec cat");
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
        Assert.Empty(await LeftAsync(instance));
    }

    private protected static async Task WriteAsync(IChild child, string text)
    {
        await child.Input.WriteAsync(Encoding.UTF8.GetBytes(text), Token);
        await child.Input.FlushAsync(Token);
    }

    private protected static async Task<string> ReadLineAsync(IChild child)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await child.Output.ReadAsync(one, Token) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return Encoding.UTF8.GetString([.. line]);
    }

    private protected static async Task<string> ReadToEndAsync(IChild child)
    {
        using var all = new StreamReader(child.Output);
        return await all.ReadToEndAsync(Token);
    }
}
