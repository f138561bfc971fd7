#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Runtimes;

[Collection(DefaultEngineTests.Name)]
public sealed class DockerRuntimeTestsOnTheDefaultEngine(DefaultEngine engine) : DockerRuntimeTests(engine);

[Collection(Engine28Tests.Name)]
public sealed class DockerRuntimeTestsOnEngine28(Engine28 engine) : DockerRuntimeTests(engine);

[Collection(TlsEngineTests.Name)]
[Trait("Promise", "P66")]
public sealed class DockerRuntimeTestsOnAnEngineOverTls(TlsEngine engine) : DockerRuntimeTests(engine);

/// <summary>What only a container does, on a real engine.</summary>
public abstract class DockerRuntimeTests(TestEngine engine)
{
    private const int TestTimeout = 60_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestTimeout), InlineData(false), InlineData(true), Trait("Threat", "T06"), Trait("Promise", "P03")]
    public async Task What_the_engine_says_of_a_child_equals_the_hardening_table(bool childServer)
    {
        var instance = NewInstance();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        var tier = childServer ? HardeningTier.ChildServer : HardeningTier.ToolCode;
        await using var child = await runtime.StartAsync(DockerTests.Launch(engine, "seen", "exec cat", tier), Token);
        var seen = await engine.Api.InspectAsync(child.Name) ?? throw new InvalidOperationException("not there");
        var launch = DockerTests.Launch(engine, "seen", "exec cat", tier);
        HardeningTable.Holds(seen, launch, instance);
        Assert.Equal(runtime.Lease, seen.GetProperty("Config").GetProperty("Labels").GetProperty("polyclaw.lease").GetString());
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T07"), Trait("Threat", "T06")]
    public async Task From_within_a_child_every_way_out_is_closed()
    {
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, NewInstance());
        const string Probe = """
            id -u; id -g
            grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\t'
            touch /x 2>/dev/null && echo wrote-root
            echo '#!/bin/sh' > /tmp/x; chmod 755 /tmp/x; /tmp/x 2>/dev/null && echo ran-tmp
            cp /bin/busybox /tmp/cat 2>/dev/null; /tmp/cat /dev/null 2>/dev/null && echo ran-copy
            mount -t tmpfs none /etc 2>/dev/null && echo mounted
            unshare -U true 2>/dev/null && echo unshared
            wget -T 2 -q -O - http://172.17.0.1/ 2>/dev/null && echo reached
            grep -v -E 'lo:|Inter|face' /proc/net/dev && echo interface
            ls /var/run/docker.sock 2>/dev/null && echo socket
            echo 1 > /proc/sys/kernel/hostname 2>/dev/null && echo sysctl
            echo b > /proc/sysrq-trigger 2>/dev/null && echo sysrq
            head -c 70000000 /dev/zero > /tmp/big 2>/dev/null && echo filled
            echo end
            """;
        // Memory enough for a full /tmp, so that it is the file's limit that stops the file.
        await using var child = await runtime.StartAsync(DockerTests.Launch(engine, "probe", Probe) with { MemoryBytes = 160 << 20 }, Token);
        using var all = new StreamReader(child.Output);
        Assert.Equal(
            ["65532", "65532", "CapBnd:0000000000000000", "CapEff:0000000000000000", "NoNewPrivs:1", "Seccomp:2", "end"],
            (await all.ReadToEndAsync(Token)).TrimEnd().Split('\n').Order(StringComparer.Ordinal).OrderBy(line => line == "end"));
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T06")]
    public async Task A_fork_bomb_stops_at_its_limit()
    {
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, NewInstance());
        var launch = DockerTests.Launch(engine, "bomb", "i=0; while [ $i -lt 60 ]; do sleep 30 & i=$((i+1)); echo $i; done; echo all") with { Pids = 16 };
        await using var child = await runtime.StartAsync(launch, Token);
        var exit = await child.Exited.WaitAsync(Token);
        Assert.NotEqual(0, exit.Code);
        Assert.Contains("fork", child.ErrorTail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T08")]
    public async Task Nothing_of_our_environment_shows_in_what_the_engine_tells()
    {
        Environment.SetEnvironmentVariable("OPENAI_API_KEY_CANARY", "sk-canary-91be7f20");
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, NewInstance());
        await using var child = await runtime.StartAsync(DockerTests.Launch(engine, "canary", "exec cat"), Token);
        var seen = await engine.Api.InspectAsync(child.Name);
        Assert.DoesNotContain("canary-91be7f20", seen!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T19")]
    public async Task A_volume_of_the_images_is_memory_of_a_limited_size_and_nothing_on_the_engines_disk()
    {
        var instance = NewInstance();
        var image = await engine.ImportAsync("volumes", "VOLUME [\"/data/\",\"/var/lib/x\"]");
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        const string Probe = """
            echo kept > /data/note && cat /data/note
            head -c 70000000 /dev/zero > /data/big 2>/dev/null && echo filled
            grep -E ' (/data|/var/lib/x) ' /proc/mounts | while read from to type rest; do echo $to $type; done
            exec cat
            """;
        var launch = DockerTests.Launch(engine, "volumes", Probe, HardeningTier.ChildServer) with { Image = image, MemoryBytes = 160 << 20 };
        await using var child = await runtime.StartAsync(launch, Token);
        var seen = await engine.Api.InspectAsync(child.Name) ?? throw new InvalidOperationException("not there");
        Assert.DoesNotContain(seen.GetProperty("Mounts").EnumerateArray(), mount => mount.GetProperty("Type").GetString() == "volume");
        using var all = new StreamReader(child.Output);
        Assert.Equal("kept", await all.ReadLineAsync(Token));
        Assert.Equal(["/data tmpfs", "/var/lib/x tmpfs"], new[] { await all.ReadLineAsync(Token), await all.ReadLineAsync(Token) }.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T19")]
    public async Task An_image_with_too_many_volumes_is_refused_and_nothing_is_made()
    {
        var instance = NewInstance();
        var image = await engine.ImportAsync("many", "VOLUME [\"/a\",\"/b\",\"/c\",\"/d\",\"/e\"]");
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => runtime.StartAsync(DockerTests.Launch(engine, "many", "exec cat") with { Image = image }, Token));
        Assert.Equal("image_volumes", thrown.Fault.Code);
        Assert.Empty(await engine.Api.NamesAsync(instance));
    }

    [Fact(Timeout = TestTimeout), Trait("BadInput", "B33")]
    public async Task An_image_that_cannot_be_had_is_told_with_what_to_do()
    {
        var instance = NewInstance();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        // Port 9 of the engine's own machine: nobody listens there, which is a registry that cannot be reached.
        var launch = DockerTests.Launch(engine, "imageless", "true") with { Image = "127.0.0.1:9/no/such:1" };
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => runtime.StartAsync(launch, Token));
        Assert.Equal("registry_unreachable", thrown.Fault.Code);
        Assert.Equal("/source/image", thrown.Fault.Path);
        Assert.True(thrown.Transient);
        Assert.Contains("127.0.0.1:9", thrown.Fault.Message, StringComparison.Ordinal);
        Assert.Empty(await engine.Api.NamesAsync(instance));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_program_that_is_not_in_the_image_ends_at_once_and_says_so()
    {
        var instance = NewInstance();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        var launch = DockerTests.Launch(engine, "entryless", "true") with { Args = ["/no/such/program"] };
        await using (var child = await runtime.StartAsync(launch, Token))
        {
            // The init process of the container starts, and tells that it finds nothing to run.
            Assert.Equal(127, (await child.Exited.WaitAsync(Token)).Code);
            Assert.Contains("/no/such/program", child.ErrorTail, StringComparison.Ordinal);
        }
        Assert.Empty(await engine.Api.NamesAsync(instance));
    }

    [Fact(Timeout = TestTimeout), Trait("BadInput", "B34")]
    public async Task More_processor_than_the_machine_has_is_refused_with_its_path()
    {
        var instance = NewInstance();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        var launch = DockerTests.Launch(engine, "greedy", "true") with { NanoCpus = 4000L * 1_000_000_000 };
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => runtime.StartAsync(launch, Token));
        Assert.Equal("/resources/cpu", thrown.Fault.Path);
        Assert.Empty(await engine.Api.NamesAsync(instance));
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T28")]
    public async Task A_container_that_is_not_ours_keeps_its_name_and_its_life()
    {
        var instance = NewInstance();
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        var name = DockerLabels.NameOf(instance, "tests", "squatted");
        await engine.Api.CreateAsync(name, $$"""{"Image":"{{engine.Image}}","Cmd":["sh","-c","sleep 60"],"NetworkDisabled":true}""");
        try
        {
            var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => runtime.StartAsync(DockerTests.Launch(engine, "squatted", "exec cat"), Token));
            Assert.Equal("name_taken", thrown.Fault.Code);
            Assert.Empty(await runtime.SweepAsync(new HashSet<string>(), Token));
            Assert.NotNull(await engine.Api.InspectAsync(name));
        }
        finally
        {
            await engine.Api.RemoveAsync($"containers/{name}?force=true");
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_leftover_of_an_earlier_process_is_replaced_and_the_rest_is_swept_with_volumes_and_networks()
    {
        var instance = NewInstance();
        var (replaced, swept) = (DockerLabels.NameOf(instance, "tests", "replaced"), DockerLabels.NameOf(instance, "tests", "swept"));
        foreach (var name in new[] { replaced, swept })
        {
            var id = await engine.Api.CreateAsync(name, $$$"""{"Image":"{{{engine.Image}}}","Cmd":["sh","-c","sleep 300"],"NetworkDisabled":true,"Labels":{"polyclaw.instance":"{{{instance}}}"}}""");
            await engine.Api.PostAsync($"containers/{id}/start", "");
        }
        await engine.Api.PostAsync("volumes/create", $$$"""{"Name":"{{{instance}}}-vol","Labels":{"polyclaw.instance":"{{{instance}}}"}}""");
        await engine.Api.PostAsync("networks/create", $$$"""{"Name":"{{{instance}}}-net","Internal":true,"Labels":{"polyclaw.instance":"{{{instance}}}"}}""");
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, instance);
        await using var child = await runtime.StartAsync(DockerTests.Launch(engine, "replaced", "exec cat"), Token);
        Assert.Equal(replaced, child.Name);
        Assert.Equal(new[] { swept, instance + "-net", instance + "-vol" }.Order(StringComparer.Ordinal), await runtime.SweepAsync(new HashSet<string> { child.Name }, Token));
        Assert.Equal([replaced], await engine.Api.NamesAsync(instance));
        Assert.False(await engine.Api.ExistsAsync($"volumes/{instance}-vol"));
        Assert.False(await engine.Api.ExistsAsync($"networks/{instance}-net"));
    }

    [Fact(Timeout = TestTimeout), Trait("Fault", "F1")]
    public async Task When_PolyClaw_dies_a_child_that_heeds_end_of_input_goes_and_leaves_nothing()
    {
        var instance = NewInstance();
        await using var proxy = new EngineProxy(engine.Socket);
        var runtime = await DockerTests.OpenAsync(proxy.Endpoint, instance);
        var child = await runtime.StartAsync(DockerTests.Launch(engine, "orphan", "exec cat"), Token);
        Assert.NotNull(await engine.Api.InspectAsync(child.Name));
        // For the engine, the death of a process is the end of all its connections.
        proxy.Refuses = true;
        proxy.Cut("");
        await GoneAsync(instance);
        proxy.Refuses = false;
        await runtime.DisposeAsync();
    }

    [Fact(Timeout = TestTimeout), Trait("Fault", "F4")]
    public async Task An_end_that_came_while_the_events_were_cut_off_is_learnt_all_the_same()
    {
        await using var proxy = new EngineProxy(engine.Socket);
        await using var runtime = await DockerTests.OpenAsync(proxy.Endpoint, NewInstance());
        await using var child = await runtime.StartAsync(DockerTests.Launch(engine, "missed", "read line; exit 9"), Token);
        Assert.Equal(1, proxy.Cut("/events"));
        await child.Input.WriteAsync("go\n"u8.ToArray(), Token);
        Assert.Equal(9, (await child.Exited.WaitAsync(Token)).Code);
        Assert.Equal(2, proxy.Seen.Count(line => line.Contains("/events", StringComparison.Ordinal)));
    }

    [Fact(Timeout = TestTimeout), Trait("Fault", "F4")]
    public async Task An_engine_that_goes_away_ends_the_child_for_us_and_is_used_again_when_it_is_back()
    {
        var instance = NewInstance();
        await using var proxy = new EngineProxy(engine.Socket);
        await using var runtime = await DockerTests.OpenAsync(proxy.Endpoint, instance);
        await using var lost = await runtime.StartAsync(DockerTests.Launch(engine, "lost", "exec cat"), Token);
        proxy.Refuses = true;
        proxy.Cut("");
        await lost.Exited.WaitAsync(Token);
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => runtime.StartAsync(DockerTests.Launch(engine, "again", "exec cat"), Token));
        Assert.Equal("engine_unreachable", thrown.Fault.Code);
        Assert.True(thrown.Transient);
        proxy.Refuses = false;
        await using var child = await runtime.StartAsync(DockerTests.Launch(engine, "again", "exit 6"), Token);
        Assert.Equal(6, (await child.Exited.WaitAsync(Token)).Code);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task The_engine_is_described()
    {
        await using var runtime = await DockerTests.OpenAsync(engine.Endpoint, NewInstance());
        Assert.Equal("docker", runtime.Info.Name);
        Assert.Equal(PolyClaw.Core.Servers.Isolation.Container, runtime.Info.Isolation);
        Assert.StartsWith("Docker ", runtime.Info.Detail, StringComparison.Ordinal);
        Assert.Matches("^[0-9]+\\.", runtime.Facts.Engine);
        Assert.Matches("^[0-9]+\\.[0-9]+", runtime.Facts.Runc);
        Assert.Matches("^[12]$", runtime.Facts.CgroupVersion);
        Assert.Contains("runc", runtime.Facts.Runtimes);
    }

    private string NewInstance()
    {
        engine.Require();
        return engine.NewInstance();
    }

    private async Task GoneAsync(string instance)
    {
        // The engine tells nobody of this instance any more: its list is the only witness. The test's timeout is the bound.
        while ((await engine.Api.NamesAsync(instance)).Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
    }
}
