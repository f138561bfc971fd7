using System.Diagnostics;
using System.Text.Json.Nodes;
using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

[Collection(ProcessTests.Name)]
public sealed class InstanceProcessTests : IAsyncDisposable
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private readonly TestHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    [Trait("Fault", "F13")]
    public async Task Clients_that_start_at_one_moment_share_one_instance()
    {
        var shims = new[] { _home.Start(["serve"]), _home.Start(["serve"]), _home.Start(["serve"]) };
        foreach (var shim in shims)
            await InitializeAsync(shim);
        var pid = await _home.InstanceAsync();
        // Others may have been started at the same moment; the lock lets one of them stay.
        await TestHome.UntilAsync(() => Task.FromResult(InstancesOf(_home) is [var only] && only == pid));

        // A client that dies takes nothing with it.
        shims[0].Kill();
        await shims[0].WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"tools\"", await AskAsync(shims[1], 2, "tools/list", "{}"), StringComparison.Ordinal);
        Assert.Equal(pid, await _home.InstanceAsync());

        // An instance that dies is told of on the clients' stderr.
        TestHome.Kill(pid);
        foreach (var shim in shims[1..])
        {
            await shim.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TestHome.Limit, TestContext.Current.CancellationToken);
            Assert.Equal(1, shim.ExitCode);
            Assert.Contains("instance has gone", await shim.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal("", await shim.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        // What it left, a socket that nobody answers, is replaced.
        Assert.True(File.Exists(_home.Home.Socket));
        var status = await _home.RunAsync("doctor", "--json");
        Assert.Equal(0, status.Code);
        Assert.NotEqual(pid, await _home.InstanceAsync());
    }

    [Fact]
    public async Task The_end_of_input_ends_the_shim_after_its_answers_and_stdout_holds_the_protocol_alone()
    {
        var asked = string.Join('\n', Initialize, Initialized, Call(2, "find_tools", """{"query":"x"}"""), Call(3, "list_runs", "{}")) + "\n";
        var ended = await _home.RunAsync(["serve"], asked);
        Assert.Equal(0, ended.Code);
        Assert.Equal("", ended.Error);
        var ids = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (int)JsonNode.Parse(l)!["id"]!).Order();
        Assert.Equal([1, 2, 3], ids);
    }

    [Fact]
    [Trait("Promise", "P60")]
    public async Task A_run_whose_instance_is_killed_in_a_tool_call_goes_on_and_succeeds()
    {
        var run = _home.Start(["run", TestHome.Sample]);
        var id = await RunIdAsync(run);
        await UntilEventAsync(run, "running", "call sales.totals");
        TestHome.Kill(await _home.InstanceAsync());
        await run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TestHome.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(1, run.ExitCode);

        var shown = await _home.RunAsync("runs", "show", id, "--follow", "--json");
        Assert.True(shown.Code == 0, shown.Output + shown.Error);
        var view = JsonNode.Parse(shown.Output)!;
        Assert.Equal("succeeded", (string)view["status"]!);
        Assert.Contains("report.md", shown.Output, StringComparison.Ordinal);
        Assert.Contains("run_resumed", (await _home.RunAsync("runs", "show", id)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_an_instance_leaves_no_process_behind()
    {
        var made = await _home.RunAsync("servers", "create", "sales", "--file", Path.Combine(TestHome.RepositoryRoot, "samples", "sales", "server.json"));
        Assert.True(made.Code == 0, made.Output + made.Error);
        var pid = await _home.InstanceAsync();
        var children = Descendants(pid);
        Assert.NotEmpty(children);

        using (var kill = Process.Start("kill", ["-TERM", $"{pid}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await TestHome.EndedAsync(pid);
        foreach (var child in children)
            await TestHome.EndedAsync(child);
        Assert.False(File.Exists(_home.Home.Socket));
        Assert.DoesNotContain("Unhandled", await File.ReadAllTextAsync(_home.Home.Log, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // The server is known to the next instance, which ends on request.
        Assert.Contains("sales", (await _home.RunAsync("servers", "list")).Output, StringComparison.Ordinal);
        pid = await _home.InstanceAsync();
        var stopped = await _home.RunAsync("stop");
        Assert.Equal((0, $"instance {pid} ends"), (stopped.Code, stopped.Output.Trim()));
        await TestHome.EndedAsync(pid);

        // Started again at once, though the last one has hardly gone.
        Assert.Equal(0, (await _home.RunAsync("doctor")).Code);
    }

    [Fact]
    public async Task A_client_that_was_let_in_is_not_dropped_for_a_newer_build()
    {
        var pid = await (await StartedAsync()).InstanceAsync();
        var sameBuild = Preface.Of(Preface.Mcp) with { Build = (await _home.HelloAsync())!.Build };
        for (var i = 0; i < 20; i++)
        {
            await using var held = await _home.ConnectAsync();
            await held.WriteAsync(PrefaceJson.Line(sameBuild), TestContext.Current.CancellationToken);
            Assert.NotNull(await FirstLine.ReadAsync(held.Socket, Preface.Longest, TestContext.Current.CancellationToken));
            Assert.False((await _home.HelloAsync(Preface.Of(Preface.Mcp) with { Build = "99.0.0/x/1" }))!.Yields);
        }

        Assert.Equal(pid, await _home.InstanceAsync());

        async Task<TestHome> StartedAsync()
        {
            Assert.Equal(0, (await _home.RunAsync("doctor")).Code);
            return _home;
        }
    }

    [Fact]
    public async Task A_taken_port_is_told_as_what_it_is_in_words_and_in_json()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString()!;
        var ended = await _home.RunAsync("serve", "--http", address);
        Assert.Equal((1, ""), (ended.Code, ended.Output));
        Assert.Contains("address already in use", ended.Error, StringComparison.Ordinal);
        ended = await _home.RunAsync("serve", "--http", address, "--json");
        Assert.Equal((1, ""), (ended.Code, ended.Error));
        Assert.Equal("address_in_use", (string)JsonNode.Parse(ended.Output)!["error"]!["code"]!);
        ended = await _home.RunAsync(["serve", "--http", "127.0.0.1:0", "--json"], "", ("POLYCLAW__Http__AllowedOrigins__0", "claw.example"));
        Assert.Contains("Http:AllowedOrigins:0", (string)JsonNode.Parse(ended.Output)!["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start_and_the_person_reads_which()
    {
        var ended = await _home.RunAsync(["serve"], "", ("POLYCLAW__INSTANCE__IDLEMINITES", "3"));
        Assert.Equal(1, ended.Code);
        Assert.Equal("", ended.Output);
        Assert.Contains("INSTANCE:IDLEMINITES", ended.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);

        ended = await _home.RunAsync(["status", "--json"], "", ("POLYCLAW__INSTANCE__IDLEMINUTES", "0"));
        Assert.Equal("no_instance", (string)JsonNode.Parse(ended.Output)!["error"]!["code"]!);
        ended = await _home.RunAsync(["doctor"], "", ("POLYCLAW__INSTANCE__IDLEMINUTES", "0"));
        Assert.Equal(1, ended.Code);
        Assert.Contains("Instance:IdleMinutes is 0", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_ends_with_what_helps()
    {
        var ended = await _home.RunAsync(["serve"], "", ("POLYCLAW_HOME", "/proc/polyclaw"));
        Assert.Equal(1, ended.Code);
        Assert.Equal("", ended.Output);
        Assert.Contains("POLYCLAW_HOME", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        ended = await _home.RunAsync(["run", "report \"x\"", "--json"], "", ("POLYCLAW_HOME", "/proc/self"));
        Assert.Equal(1, ended.Code);
        Assert.Equal("home_unwritable", (string)JsonNode.Parse(ended.Output)!["error"]!["code"]!);
    }

    [Fact]
    public async Task A_client_with_other_options_hears_which_and_a_deep_home_works()
    {
        await using var deep = new TestHome(Path.Combine(Path.GetTempPath(), $"pct-{Guid.NewGuid():N}{new string('d', 90)}"));
        Assert.Equal(0, (await deep.RunAsync("doctor")).Code);
        var ended = await deep.RunAsync(["serve"], "", ("POLYCLAW__Instance__IdleMinutes", "5"));
        Assert.Equal((0, ""), (ended.Code, ended.Output));
        Assert.Contains("POLYCLAW__Instance__IdleMinutes", ended.Error, StringComparison.Ordinal);

        // A newer build takes the place of an idle instance; the next client then starts its own.
        var pid = await deep.InstanceAsync();
        // Idle it is once those who asked before have been let go.
        await TestHome.UntilAsync(async () => (await deep.HelloAsync(Preface.Of(Preface.Mcp) with { Build = "99.0.0/x/1" }))?.Yields is true);
        await TestHome.EndedAsync(pid);
        Directory.Delete(Path.GetDirectoryName(deep.Home.Socket)!, recursive: true);
    }

    [Fact]
    public async Task Shim_and_instance_can_be_one_process_that_stays_for_its_runs()
    {
        var asked = string.Join('\n', Initialize, Initialized, Call(2, "plan_and_execute", """{"goal":"report \"all is well\"","wait_seconds":0}""")) + "\n";
        var ended = await _home.RunAsync(["serve"], asked, ("POLYCLAW_ONE_PROCESS", "1"));
        Assert.True(ended.Code == 0, ended.Error);
        Assert.Null(await _home.HelloAsync());
        var run = ended.Output.Split('\n').Select(l => l.Length > 0 ? JsonNode.Parse(l) : null).Single(n => (int?)n?["id"] == 2)!["result"]!["structuredContent"]!["run_id"];
        var shown = await _home.RunAsync("runs", "show", (string)run!, "--json");
        Assert.Equal("succeeded", (string)JsonNode.Parse(shown.Output)!["status"]!);
    }

    private static string Call(int id, string tool, string arguments) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";

    private static async Task InitializeAsync(Process shim)
    {
        await shim.StandardInput.WriteLineAsync(Initialize);
        await shim.StandardInput.FlushAsync();
        var line = await shim.StandardOutput.ReadLineAsync().WaitAsync(TestHome.Limit);
        Assert.Equal(1, (int)JsonNode.Parse(line ?? await shim.StandardError.ReadToEndAsync())!["id"]!);
        await shim.StandardInput.WriteLineAsync(Initialized);
        await shim.StandardInput.FlushAsync();
    }

    private static async Task<string> AskAsync(Process shim, int id, string method, string parameters)
    {
        await shim.StandardInput.WriteLineAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        await shim.StandardInput.FlushAsync();
        return (await shim.StandardOutput.ReadLineAsync().WaitAsync(TestHome.Limit))!;
    }

    private static async Task<string> RunIdAsync(Process run)
    {
        var line = await run.StandardOutput.ReadLineAsync().WaitAsync(TestHome.Limit);
        Assert.StartsWith("run ", line, StringComparison.Ordinal);
        return line!.Split(' ')[^1];
    }

    private static async Task UntilEventAsync(Process run, string state, string what)
    {
        while (await run.StandardOutput.ReadLineAsync().WaitAsync(TestHome.Limit) is { } line)
            if (line.StartsWith(state, StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal))
                return;
        Assert.Fail("the run ended before " + what);
    }

    /// <summary>Every live process that was started as the instance of this home.</summary>
    private static int[] InstancesOf(TestHome home) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Where(n =>
        {
            try
            {
                return File.ReadAllText($"/proc/{n}/cmdline").TrimEnd('\0').EndsWith(Path.GetFileName(TestHome.Command[^1]) + "\0instance", StringComparison.Ordinal)
                    && File.ReadAllText($"/proc/{n}/environ").Contains($"POLYCLAW_HOME={home.Folder}\0", StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false; // It ended while we looked.
            }
        }).Select(n => int.Parse(n!, System.Globalization.CultureInfo.InvariantCulture))];

    private static List<int> Descendants(int pid)
    {
        var found = new List<int>();
        foreach (var task in Directory.GetDirectories($"/proc/{pid}/task"))
            foreach (var child in File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var id = int.Parse(child, System.Globalization.CultureInfo.InvariantCulture);
                found.Add(id);
                found.AddRange(Descendants(id));
            }

        return found;
    }
}
