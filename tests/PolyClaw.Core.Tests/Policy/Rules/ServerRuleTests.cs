using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Policy.Rules;

[Trait("Promise", "P22")]
public class ServerRuleTests
{
    private const string Digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private readonly GateHouse _house = new();

    [Theory]
    [Trait("BadInput", "B33")]
    [InlineData("polyclaw-test/everything:1")]
    [InlineData("ghcr.io/acme/tool")]
    [InlineData("ghcr.io/acme/tool" + Digest)]
    public void A_personal_instance_takes_any_image_of_a_named_registry(string image) => _house.Allowed(GateHouse.Image(image));

    [Theory]
    [Trait("BadInput", "B33")]
    [Trait("Threat", "T22")]
    [InlineData("localhost:5000/x")]
    [InlineData("10.0.0.5/x")]
    [InlineData("127.0.0.1:5000/x")]
    public void A_registry_here_or_at_an_address_has_to_be_spelled_out(string image)
    {
        Assert.Equal("/source/image", _house.DeniedOnce(GateHouse.Image(image)).Path);
        With(["*", image[..image.IndexOf('/', StringComparison.Ordinal)] + "/*"]).Allowed(GateHouse.Image(image));
    }

    [Theory]
    [Trait("BadInput", "B33")]
    [InlineData("docker.io/mcp/*", "mcp/fetch:1", true)]
    [InlineData("docker.io/mcp/*", "docker.io/mcp/deep/fetch", true)]
    [InlineData("docker.io/mcp/*", "docker.io/mcp-evil/fetch", false)]
    [InlineData("docker.io/mcp/*", "ghcr.io/docker.io/mcp/fetch", false)]
    [InlineData("docker.io/mcp/*", "evil.io/mcp/fetch", false)]
    [InlineData("polyclaw-test/*", "polyclaw-test/memory", true)]
    [InlineData("polyclaw-test/*", "ghcr.io/polyclaw-test/memory", false)]
    [InlineData("alpine", "alpine:3.22", true)]
    [InlineData("alpine", "docker.io/library/alpine", true)]
    [InlineData("alpine", "evil/alpine", false)]
    [InlineData("*.example.com/tools/*", "eu.example.com/tools/x", true)]
    [InlineData("*.example.com/tools/*", "example.com/tools/x", false)]
    public void Patterns_are_matched_against_the_whole_completed_name(string pattern, string image, bool allowed) =>
        Assert.Equal(allowed, With([pattern]).Decide(GateHouse.Image(image)) is Verdict.Allowed);

    [Fact]
    public void An_empty_allow_list_allows_no_image_and_tool_code_all_the_same()
    {
        var house = With([]);
        house.DeniedOnce(GateHouse.Image("mcp/fetch"));
        house.Allowed(GateHouse.ToolServer());
    }

    [Fact]
    [Trait("BadInput", "B33")]
    public void A_digest_is_asked_for_where_strict_and_beyond_loopback()
    {
        var strict = new GateHouse(new PolicyOptions { Images = { RequireDigest = true } });
        Assert.Contains("@sha256:", strict.DeniedOnce(GateHouse.Image("docker.io/library/x:latest")).Fix, StringComparison.Ordinal);
        strict.Allowed(GateHouse.Image("docker.io/library/x:latest" + Digest));
        new GateHouse(beyondLoopback: true).DeniedOnce(GateHouse.Image("docker.io/library/x:latest"));
        new GateHouse(new PolicyOptions { Images = { RequireDigest = false } }, beyondLoopback: true).Allowed(GateHouse.Image("docker.io/library/x:latest"));
    }

    [Theory]
    [InlineData(Isolation.Process, false, null, true)]
    [InlineData(Isolation.Process, true, null, false)]
    [InlineData(Isolation.Sandbox, true, null, false)]
    [InlineData(Isolation.Container, true, null, true)]
    [InlineData(Isolation.Process, false, Isolation.Sandbox, false)]
    [InlineData(Isolation.Sandbox, false, Isolation.Sandbox, true)]
    [InlineData(Isolation.Process, true, Isolation.Process, true)]
    public void Code_runs_here_only_in_the_isolation_that_is_asked_for(Isolation given, bool beyond, Isolation? least, bool allowed)
    {
        var house = new GateHouse(new PolicyOptions { LeastIsolation = least }, given, beyond);
        Assert.Equal(allowed, house.Decide(GateHouse.ToolServer()) is Verdict.Allowed);
        house.Allowed(GateHouse.Remote("https://mcp.example.com/mcp"));
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData(null, true)]
    [InlineData("host", false)]
    [InlineData("bridge", false)]
    [InlineData("container:x", false)]
    [InlineData("None", false)]
    [InlineData("", false)]
    [Trait("Threat", "T06")]
    public void There_is_no_network_but_none(string? network, bool allowed)
    {
        var action = new PlanAction.CreateMcpServer(GateHouse.ToolServer().Spec with { Network = network });
        Assert.Equal(allowed, _house.Decide(action) is Verdict.Allowed);
    }

    [Fact]
    [Trait("BadInput", "B32")]
    public void The_environment_is_bounded_as_a_whole()
    {
        Env(Many(64)).Allow();
        Assert.Equal("/env", Env(Many(65)).Deny().Path);
        Assert.Equal("/env", Env(Many(10_000)).Deny().Path);
        Assert.Equal("/env", Env(Many(9, new string('x', 8192))).Deny().Path);

        static Dictionary<string, string> Many(int count, string value = "v") =>
            Enumerable.Range(0, count).ToDictionary(i => "V" + i, _ => value);
    }

    [Theory]
    [Trait("BadInput", "B32")]
    [InlineData("A=B", "v", "/env/A=B")]
    [InlineData("A\n", "v", "/env/A[U+000A]")]
    [InlineData("a/b", "v", "/env/a~1b")]
    [InlineData("PATH", "v", "/env/PATH")]
    [InlineData("OK", "two\nlines", "/env/OK")]
    [InlineData("OK", "${OTHER_SECRET}", "/env/OK")]
    public void A_variable_is_refused_where_it_stands(string key, string value, string path) =>
        Assert.Equal(path, Env(new() { [key] = value }).Deny().Path);

    [Fact]
    [Trait("BadInput", "B32")]
    public void A_secret_is_refused_while_there_is_no_store_to_take_it_from()
    {
        var denial = Env(new() { ["A"] = "b" }, new() { ["TOKEN"] = "ref" }).Deny();
        Assert.Equal(("/secrets", "leave secrets out"), (denial.Path, denial.Fix));
        Env([], []).Allow();
    }

    [Fact]
    public void A_location_that_is_in_no_setting_is_refused_and_not_ignored()
    {
        Assert.All(At("pop-up-nyc"), action =>
        {
            var denial = _house.DeniedOnce(action);
            Assert.Equal("/location", denial.Path);
            Assert.Contains("Engines:NAME:Endpoint", denial.Fix, StringComparison.Ordinal);
            Assert.Contains("'pop-up-nyc'", denial.Message, StringComparison.Ordinal);
        });
        _house.Locations = ["pop-up-sfo", "pop-up-nyc"];
        Assert.All(At("Pop-Up-NYC"), action => Assert.StartsWith("one of pop-up-nyc, pop-up-sfo", _house.DeniedOnce(action).Fix, StringComparison.Ordinal));
        Assert.All(At("pop-up-nyc"), action => Assert.IsType<Verdict.Allowed>(_house.Decide(action)));

        static PlanAction[] At(string location) =>
            [new PlanAction.CreateMcpServer(GateHouse.ToolServer().Spec with { Location = location }), new PlanAction.CheckResourceAvailability(Location: location)];
    }

    [Fact]
    public void A_server_elsewhere_is_a_container_whatever_this_machine_gives()
    {
        var house = new GateHouse(new PolicyOptions { LeastIsolation = Isolation.Container }, Isolation.Process) { Locations = ["pop-up-nyc"] };
        Assert.Equal("/source", house.DeniedOnce(GateHouse.Host()).Path);
        house.Allowed(GateHouse.Host(location: "pop-up-nyc"));
    }

    [Fact]
    [Trait("Promise", "P21")]
    [Trait("BadInput", "B34")]
    public void A_host_holds_the_capacity_it_is_given_and_2Gi_of_processor_are_two_cores()
    {
        _house.Allowed(GateHouse.Host(new ServerResources("2Gi", "4Gi", "20Gi")));
        var used = _house.Ledger.Used(GateHouse.Agent.Tenant);
        Assert.Equal((2_000_000_000L, 4L << 30, 20L << 30, 1), (used.NanoCpus, used.MemoryBytes, used.StorageBytes, used.Servers));
        Assert.Equal("/resources/cpu", _house.DeniedOnce(GateHouse.ToolServer(resources: new ServerResources("2Gi"))).Path);
    }

    [Theory]
    [InlineData("Gi")]
    [InlineData("-2Gi")]
    [InlineData("02Gi")]
    [InlineData("0Gi")]
    [InlineData("1.5Gi")]
    [InlineData("2gi")]
    [InlineData("2Mi")]
    [InlineData("2GiGi")]
    [InlineData("9999999Gi")]
    [Trait("BadInput", "B34")]
    public void What_is_neither_cores_nor_Gi_of_them_is_refused(string cpu) => Assert.Equal("/resources/cpu", _house.Denied(GateHouse.Host(new ServerResources(cpu)))[0].Path);

    [Theory]
    [InlineData(0)]
    [InlineData(1441)]
    [InlineData(-1)]
    public void Idle_minutes_are_bounded(int minutes) =>
        Assert.Equal("/idle_minutes", _house.DeniedOnce(new PlanAction.CreateMcpServer(GateHouse.ToolServer().Spec with { IdleMinutes = minutes })).Path);

    [Fact]
    [Trait("BadInput", "B39")]
    public void A_remote_server_is_an_address_and_nothing_else()
    {
        _house.Allowed(GateHouse.Remote("https://mcp.example.com/mcp"));
        Assert.Equal("/source/url", new GateHouse().DeniedOnce(GateHouse.Remote("http://mcp.example.com/mcp")).Path);
        var spec = GateHouse.Remote("https://mcp.example.com/mcp").Spec with
        {
            Name = "more",
            Resources = new ServerResources(),
            Network = "none",
            Env = new Dictionary<string, string> { ["A"] = "b" },
        };
        Assert.Equal(["/resources", "/env", "/network"], _house.Denied(new PlanAction.CreateMcpServer(spec)).Select(d => d.Path));
        new GateHouse(new PolicyOptions { Remote = { AllowPlainHttp = true } }).Allowed(GateHouse.Remote("http://mcp.example.com/mcp"));
    }

    [Fact]
    [Trait("BadInput", "B30")]
    public void Tool_code_is_bounded_and_named_before_anything_runs_it()
    {
        var tools = GateHouse.ToolServer().Spec.Source as ServerSource.Tools;
        var good = tools!.Definitions[0];
        Assert.Equal(["/source/tools/0/name"], Paths([good with { Name = "a b" }]));
        Assert.Equal(["/source/tools/1/name"], Paths([good, good]));
        Assert.Equal(["/source/tools/0/language"], Paths([good with { Language = "python" }]));
        Assert.Equal(["/source/tools/0/code"], Paths([good with { Code = "" }]));
        Assert.Equal(["/source/tools/0/code"], Paths([good with { Code = new string('x', 100_001) }]));
        Assert.Equal(["/source/tools/0/description"], Paths([good with { Description = new string('é', 4_097) }]));
        Assert.Equal(["/source/tools"], Paths([]));
        Assert.Equal(["/source/tools"], Paths([.. Enumerable.Range(0, 65).Select(i => good with { Name = "t" + i })]));
        Assert.Equal(["/source/files/0"], Paths([good], [new ServerFile("a.csv")]));
        Assert.Equal(["/source/files/0"], Paths([good], [new ServerFile("a.csv", "text", "a.csv")]));
        Assert.Equal(["/source/files/1/name"], Paths([good], [new ServerFile("a.csv", "x"), new ServerFile("a.csv", "y")]));

        IEnumerable<string?> Paths(IReadOnlyList<ToolCode> definitions, IReadOnlyList<ServerFile>? files = null) =>
            _house.Denied(new PlanAction.CreateMcpServer(new ServerSpec("sales", new ServerSource.Tools(definitions, files)))).Select(d => d.Path);
    }

    private static GateHouse With(IReadOnlyList<string> allow) => new(new PolicyOptions { Images = new ImageOptions { Allow = allow } });

    private static Asked Env(Dictionary<string, string> env, Dictionary<string, string>? secrets = null) =>
        new(new PlanAction.CreateMcpServer(GateHouse.ToolServer().Spec with { Env = env, Secrets = secrets }));

    private sealed record Asked(PlanAction Action)
    {
        public void Allow() => new GateHouse().Allowed(Action);

        public Goals.Fault Deny() => new GateHouse().DeniedOnce(Action);
    }
}
