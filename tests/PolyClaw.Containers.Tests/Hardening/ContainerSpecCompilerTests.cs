using System.Text.Json;
using CsCheck;
using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Hardening;

public sealed class ContainerSpecCompilerTests
{
    private static readonly EngineTraits Plain = new(HasRunsc: false, CgroupV1: true);

    // What people and models write to get out: each may stand in any field.
    private static readonly string[] Hostile =
    [
        "", " ", ".", "..", "../../etc/passwd", "/", "/var/run/docker.sock:/s", "--privileged", "-v", "host", "container:abc", "unconfined",
        "seccomp=unconfined", "apparmor=unconfined", "SYS_ADMIN", "ALL", "root", "0:0", "0", "-1", "a b", "a\0b", "a\nb", "a\r\nb: c", "a=b", "=x",
        "\",\"Privileged\":true,\"x\":\"", "\"}},\"HostConfig\":{\"Binds\":[\"/:/host\"]}", "$(id)", "`id`", "; id", "|id", "${HOME}", "%2e%2e/", "ａｄｍｉｎ", "\u202Eevil", "\uD800",
        "polyclaw-x", "UPPER/x", "localhost:5000/x", "http://x/y", "scratch", "img:", "x@sha256:" + new string('a', 63), new string('a', 64), new string('x', 300), new string('é', 9000),
        "LD_PRELOAD", "PATH", "NODE_OPTIONS", "DOCKER_HOST", "POLYCLAW_HOME", "good-name", "echo", "library/busybox:1", "127.0.0.1:5000/a/b:c", "polyclaw.instance", "io.kubernetes.x",
    ];

    private static readonly Gen<string> Text = Gen.Frequency((3, Gen.OneOf(Hostile)), (2, Gen.OneOf("good", "echo", "a1", "repo/image:tag", "KEY")), (1, Gen.String[0, 40]));

    private static readonly Gen<long> Number = Gen.Frequency(
        (3, Gen.Long[LaunchRules.MinMemory, 1L << 33]),
        (1, Gen.OneOf(0L, -1L, -7L, 1L, 64L, long.MaxValue, long.MinValue, int.MaxValue, LaunchRules.MinNanoCpus)));

    private static readonly Gen<Dictionary<string, string>> Env = Gen.Select(Text, Text).Array[0, 3].Select(pairs => pairs.DistinctBy(pair => pair.Item1).ToDictionary(pair => pair.Item1, pair => pair.Item2));

    private static readonly Gen<ChildLaunch> AnyLaunch = Gen.Select(
        Gen.Select(Text, Text, Text, Text, Text),
        Gen.Select(Gen.OneOf(HardeningTier.ToolCode, HardeningTier.ChildServer, (HardeningTier)7), Text, Text.Array[0, 4], Env),
        Gen.Select(Number, Number, Number),
        Gen.Int[0, 3])
        .Select((names, content, amounts, goodNames) => new ChildLaunch(
            // A launch is as good as its worst field: most of the fields are made good most of the time, so that enough are compiled.
            goodNames > 0 ? "acme" : names.Item1,
            goodNames > 0 ? "server" : names.Item2,
            names.Item3, names.Item4, names.Item5, content.Item1,
            goodNames > 1 ? "repo/image" : content.Item2, content.Item3,
            goodNames > 1 ? new Dictionary<string, string> { ["A"] = content.Item2.Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("") } : content.Item4,
            goodNames > 2 ? 500_000_000 : amounts.Item1, amounts.Item2, goodNames > 2 ? 64 : (int)amounts.Item3));

    [Fact, Trait("Threat", "T06"), Trait("Threat", "T05"), Trait("Promise", "P03")]
    public void Ten_thousand_hostile_launches_are_confined_or_refused()
    {
        var (compiled, refused) = (0, 0);
        AnyLaunch.Sample(
            launch =>
            {
                using var fake = new FakeEngine();
                using var engine = fake.Open();
                CompiledChild child;
                try
                {
                    child = ContainerSpecCompiler.Compile(launch, launch.Image ?? "polyclaw-toolserver:abc", "instance", "lease", Plain, []);
                }
                catch (RuntimeFaultException refusal)
                {
                    Interlocked.Increment(ref refused);
                    return refusal.Fault.Path is { Length: > 1 } path && path[0] == '/' && refusal.Fault.Fix is not null && !refusal.Fault.ToString().Any(char.IsControl);
                }
                Interlocked.Increment(ref compiled);
                // Through the real client and its guard: what is judged is what would go to the engine.
                engine.CreateAsync(child, CancellationToken.None).GetAwaiter().GetResult();
                return Holds(JsonElement.Parse(fake.LastBody), launch);
            },
            iter: 10_000);
        Assert.InRange(compiled, 500, 10_000);
        Assert.InRange(refused, 500, 10_000);
    }

    [Fact, Trait("Promise", "P03")]
    public async Task Tool_code_gets_exactly_tier_0()
    {
        var body = await CompileAsync(Launches.Good, Plain);
        var host = body.GetProperty("HostConfig");
        Assert.Equal("none", host.GetProperty("IpcMode").GetString());
        Assert.Equal("/tmp", body.GetProperty("WorkingDir").GetString());
        Assert.Equal(["HOME=/tmp", "PATH=/usr/local/bin:/usr/bin:/bin", "MODE=test"], body.GetProperty("Env").EnumerateArray().Select(item => item.GetString()!));
        Assert.Equal("tool", body.GetProperty("Labels").GetProperty("polyclaw.kind").GetString());
        Assert.Equal(0, host.GetProperty("MemorySwappiness").GetInt64());
        Assert.False(host.TryGetProperty("Runtime", out _));
    }

    [Fact, Trait("Promise", "P03")]
    public async Task A_child_server_gets_exactly_tier_1()
    {
        var body = await CompileAsync(Launches.Good with { Tier = HardeningTier.ChildServer }, Plain with { CgroupV1 = false });
        var host = body.GetProperty("HostConfig");
        Assert.Equal("private", host.GetProperty("IpcMode").GetString());
        Assert.Equal(16 << 20, host.GetProperty("ShmSize").GetInt64());
        Assert.Equal("", body.GetProperty("WorkingDir").GetString());
        Assert.Equal(["HOME=/tmp", "MODE=test"], body.GetProperty("Env").EnumerateArray().Select(item => item.GetString()!));
        Assert.Equal("server", body.GetProperty("Labels").GetProperty("polyclaw.kind").GetString());
        Assert.False(host.TryGetProperty("MemorySwappiness", out _));
    }

    [Fact]
    public async Task Tool_code_runs_in_gVisor_where_the_engine_has_it()
    {
        var gvisor = Plain with { HasRunsc = true };
        Assert.Equal("runsc", (await CompileAsync(Launches.Good, gvisor)).GetProperty("HostConfig").GetProperty("Runtime").GetString());
        Assert.False((await CompileAsync(Launches.Good with { Tier = HardeningTier.ChildServer }, gvisor)).GetProperty("HostConfig").TryGetProperty("Runtime", out _));
    }

    [Fact, Trait("BadInput", "B38")]
    public async Task Labels_say_whose_it_is_and_are_ours_alone()
    {
        var labels = (await CompileAsync(Launches.Good, Plain)).GetProperty("Labels");
        Assert.Equal(
            ["polyclaw.instance", "polyclaw.intent", "polyclaw.kind", "polyclaw.lease", "polyclaw.run", "polyclaw.server", "polyclaw.spec-sha256", "polyclaw.step-key", "polyclaw.tenant"],
            labels.EnumerateObject().Select(label => label.Name).Order(StringComparer.Ordinal));
        Assert.Equal("instance", labels.GetProperty("polyclaw.instance").GetString());
        Assert.Equal("acme", labels.GetProperty("polyclaw.tenant").GetString());
        Assert.Equal("key-1", labels.GetProperty("polyclaw.step-key").GetString());
        Assert.Matches("^[0-9a-f]{64}$", labels.GetProperty("polyclaw.intent").GetString());
    }

    internal static Task<JsonElement> CompileAsync(ChildLaunch launch, EngineTraits traits, params IReadOnlyList<string> volumes) =>
        SentAsync(ContainerSpecCompiler.Compile(launch, launch.Image ?? "polyclaw-toolserver:abc", "instance", "lease", traits, volumes));

    /// <summary>The create call as it goes out.</summary>
    internal static async Task<JsonElement> SentAsync(CompiledChild compiled)
    {
        using var fake = new FakeEngine();
        using var engine = fake.Open();
        await engine.CreateAsync(compiled, TestContext.Current.CancellationToken);
        return JsonElement.Parse(fake.LastBody);
    }

    // §3, written a third time and in other words than compiler and guard: the invariants that nothing a launch says may move.
    private static bool Holds(JsonElement call, ChildLaunch launch)
    {
        var host = call.GetProperty("HostConfig");
        var allowed = new HashSet<string>(["Name", "Hostname", "User", "AttachStdin", "AttachStdout", "AttachStderr", "OpenStdin", "StdinOnce", "Env", "Cmd", "Image", "WorkingDir", "NetworkDisabled", "Labels", "StopSignal", "StopTimeout", "HostConfig"]);
        var allowedHost = new HashSet<string>(["LogConfig", "NetworkMode", "RestartPolicy", "AutoRemove", "CapDrop", "CgroupnsMode", "IpcMode", "OomScoreAdj", "ReadonlyRootfs", "SecurityOpt", "Tmpfs", "ShmSize", "CpuShares", "Memory", "MemorySwap", "NanoCpus", "PidsLimit", "Ulimits", "Init"]);
        return Filled(call).All(allowed.Contains) && Filled(host).All(allowedHost.Contains)
            && call.GetProperty("User").GetString() == "65532:65532"
            && call.GetProperty("StdinOnce").GetBoolean() && call.GetProperty("OpenStdin").GetBoolean() && call.GetProperty("NetworkDisabled").GetBoolean()
            && host.GetProperty("NetworkMode").GetString() == "none"
            && host.GetProperty("ReadonlyRootfs").GetBoolean() && host.GetProperty("Init").GetBoolean() && host.GetProperty("AutoRemove").GetBoolean()
            && host.GetProperty("CapDrop").GetRawText() == "[\"ALL\"]"
            && host.GetProperty("SecurityOpt").GetRawText() == "[\"no-new-privileges:true\"]"
            && host.GetProperty("Tmpfs").GetRawText() == "{\"/tmp\":\"rw,noexec,nosuid,nodev,size=64m,mode=1777\"}"
            && host.GetProperty("LogConfig").GetProperty("Type").GetString() == "none"
            && host.GetProperty("RestartPolicy").GetProperty("Name").GetString() == "no"
            && host.GetProperty("CgroupnsMode").GetString() == "private"
            && host.GetProperty("IpcMode").GetString() == (launch.Tier is HardeningTier.ToolCode ? "none" : "private")
            && host.GetProperty("Memory").GetInt64() is >= 16 << 20 and var memory && memory == launch.MemoryBytes && host.GetProperty("MemorySwap").GetInt64() == memory
            && host.GetProperty("PidsLimit").GetInt64() is > 0 and <= 32768
            && host.GetProperty("NanoCpus").GetInt64() > 0
            && call.GetProperty("Labels").EnumerateObject().All(label => label.Name.StartsWith("polyclaw.", StringComparison.Ordinal))
            && call.GetProperty("Env").EnumerateArray().All(item => !item.GetString()!.StartsWith("LD_", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Filled(JsonElement owner) =>
        owner.EnumerateObject().Where(field => field.Value.GetRawText() is not ("null" or "false" or "0" or "\"\"" or "[]" or "{}" or "[0,0]")).Select(field => field.Name);
}
