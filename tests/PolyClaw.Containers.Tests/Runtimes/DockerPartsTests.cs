using System.Text;
using CsCheck;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Runtimes;

public sealed class DockerPartsTests
{
    [Fact]
    public void The_tail_is_the_end_of_what_came_in_whatever_pieces() =>
        Gen.Int[0, 90_000].Array[0, 12].Sample(
            sizes =>
            {
                var tail = new StderrTail();
                var all = new StringBuilder();
                var next = 0;
                foreach (var size in sizes)
                {
                    var piece = string.Create(size, next, static (span, start) =>
                    {
                        for (var i = 0; i < span.Length; i++)
                            span[i] = (char)('a' + ((start + i) % 23));
                    });
                    next += size;
                    all.Append(piece);
                    tail.Append(Encoding.ASCII.GetBytes(piece));
                }
                var whole = all.ToString();
                return tail.ToString() == whole[Math.Max(0, whole.Length - StderrTail.Capacity)..];
            },
            iter: 200);

    [Fact]
    public void A_piece_larger_than_the_tail_leaves_its_end()
    {
        var tail = new StderrTail();
        tail.Append("before"u8);
        tail.Append(Encoding.ASCII.GetBytes(new string('x', StderrTail.Capacity + 5) + "end"));
        tail.Append("!"u8);
        Assert.Equal(StderrTail.Capacity, tail.ToString().Length);
        Assert.EndsWith("xend!", tail.ToString(), StringComparison.Ordinal);
    }

    [Fact, Trait("BadInput", "B30")]
    public void Two_children_never_share_a_name()
    {
        var label = Gen.Char["ab-.t0"].Array[1, 6].Select(characters => new string(characters));
        Gen.Select(label, label, label, label).Sample((tenant1, server1, tenant2, server2) =>
            (tenant1 == tenant2 && server1 == server2) == (DockerLabels.NameOf("i", tenant1, server1) == DockerLabels.NameOf("i", tenant2, server2)));
        Assert.NotEqual(DockerLabels.NameOf("i", "a", "b"), DockerLabels.NameOf("j", "a", "b"));
        Assert.Matches("^polyclaw-[0-9a-f]{8}-acme-echo$", DockerLabels.NameOf("i", "acme", "echo"));
        Assert.Matches("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", DockerLabels.NameOf("i", "ten/ant of\u202E trouble", "echo"));
    }

    [Theory]
    [InlineData("""{"Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":{"exitCode":"137","image":"x"}},"time":1,"timeNano":1795417200000000042}""", "die", 137, "1795417200.000000042")]
    [InlineData("""{"Action":"oom","Actor":{"ID":"abc","Attributes":{}}}""", "oom", null, null)]
    [InlineData("""{"Action":"die","Actor":{"ID":"abc","Attributes":{"exitCode":"many"}}}""", "die", null, null)]
    public void An_event_is_read(string line, string kind, int? code, string? time) =>
        Assert.Equal(new DockerEvent("abc", kind, code, time), DockerEvent.Parse(line));

    [Theory]
    [InlineData("")]
    [InlineData("{\"Action\":\"die\",\"Actor\":{\"ID\":\"ab")]
    [InlineData("[]")]
    [InlineData("{\"Action\":1,\"Actor\":{\"ID\":\"abc\"}}")]
    [InlineData("{\"Action\":\"die\"}")]
    public void What_is_no_event_is_passed_over(string line) => Assert.Null(DockerEvent.Parse(line));

    [Theory]
    [InlineData(null, "unix:///var/run/docker.sock", null)]
    [InlineData("unix:///run/user/1000/docker.sock", "unix:///run/user/1000/docker.sock", null)]
    [InlineData("tcp://10.0.0.2:2375", "tcp://10.0.0.2:2375/", null)]
    [InlineData("ssh://host", null, "DOCKER_HOST")]
    [InlineData("nonsense", null, "DOCKER_HOST")]
    public void The_engine_is_looked_for_where_the_machine_says(string? host, string? address, string? path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the default is a pipe there");
        var (endpoint, fault) = DockerEndpoint.Resolve(name => name == "DOCKER_HOST" ? host : null);
        Assert.Equal((address, path), (endpoint?.Address.ToString(), fault?.Path));
    }

    [Fact]
    public void Dockers_variables_for_TLS_name_a_folder_and_what_it_lacks_is_told()
    {
        var folder = Directory.CreateTempSubdirectory("polyclaw-certs-").FullName;
        try
        {
            string? Variable(string name) => name switch { "DOCKER_HOST" => "tcp://10.0.7.2:2376", "DOCKER_TLS_VERIFY" => "1", "DOCKER_CERT_PATH" => folder, _ => null };
            File.WriteAllText(Path.Combine(folder, "ca.pem"), "");
            var fault = DockerEndpoint.Resolve(Variable).Fault!;
            Assert.Equal("DOCKER_CERT_PATH", fault.Path);
            Assert.Contains("key.pem", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("ca.pem", fault.Message, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, "cert.pem"), "");
            File.WriteAllText(Path.Combine(folder, "key.pem"), "");
            var endpoint = DockerEndpoint.Resolve(Variable).Endpoint!;
            Assert.Equal((Path.Combine(folder, "cert.pem"), "10.0.7.2"), (endpoint.Tls?.CertFile, endpoint.PublishedOn));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_gate_lets_one_in_for_each_key_and_forgets_keys_that_nobody_holds()
    {
        var token = TestContext.Current.CancellationToken;
        var gate = new KeyedGate();
        var first = await gate.EnterAsync("a", token);
        using var other = await gate.EnterAsync("b", token);
        var second = gate.EnterAsync("a", token);
        using var impatient = new CancellationTokenSource();
        var third = gate.EnterAsync("a", impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
        Assert.False(gate.IsBusy("a"));
        Assert.True(gate.IsBusy("b"));
    }
}
