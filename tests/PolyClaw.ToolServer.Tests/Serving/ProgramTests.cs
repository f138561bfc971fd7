using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Tests.Serving;

[Trait("Promise", "P40")]
public sealed class ProgramTests
{
    private static readonly (string, string) Sum = ("sum", "(input) => ({ sum: input.a + input.b })");

    private static readonly LimitsDefinition Endless = new(CallSeconds: 300, Statements: 1_000_000_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prints_its_build()
    {
        await using var server = RunningToolServer.Start("--version");

        Assert.Matches(@"^polyclaw-toolserver \d+\.\d+\.\d+", await server.Process.StandardOutput.ReadToEndAsync(Token));
        Assert.Equal(0, (await server.EndAsync(Token)).ExitCode);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--definition")]
    [InlineData("serve", "x")]
    public async Task Refuses_arguments_it_does_not_know(params string[] arguments)
    {
        await using var server = RunningToolServer.Start(arguments);

        var (exitCode, errors) = await server.EndAsync(Token);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("polyclaw-toolserver: usage:", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "bad definition: $: the input ended before it came")]
    [InlineData("hello\n", "bad definition: $: not JSON")]
    [InlineData("""{"version":1,"name":"t","tools":[{"name":"a","description":"d","input_schema":{"type":"object"},"language":"ruby","code":"x"}]}""", "bad definition: $.tools[0].language: unknown language; this build runs \"javascript\"")]
    public async Task A_bad_definition_is_one_line_on_stderr_and_exit_code_2(string input, string told)
    {
        await using var server = RunningToolServer.Start();
        await server.Input.WriteAsync(Encoding.UTF8.GetBytes(input), Token);

        var (exitCode, errors) = await server.EndAsync(Token);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"polyclaw-toolserver: {told}", errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(c => c == '\n'));
        Assert.Empty(await server.Process.StandardOutput.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Serves_a_definition_from_a_file_to_a_client_of_the_older_era_and_ends_with_its_input()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(
            file,
            JsonSerializer.SerializeToUtf8Bytes(RunningToolServer.Definition(null, Sum, ("n", "(i) => 7")), ToolServerDefinitionJson.Default.ToolServerDefinition),
            Token);
        try
        {
            await using var server = RunningToolServer.Start("--definition", file);
            await using var client = await server.ConnectAsync("2025-11-25", Token);
            Assert.Equal("2025-11-25", client.NegotiatedProtocolVersion);

            var sum = await client.CallToolAsync("sum", new Dictionary<string, object?> { ["a"] = 1, ["b"] = 1 }, cancellationToken: Token);
            var number = await client.CallToolAsync("n", cancellationToken: Token);

            Assert.Equal(2, sum.StructuredContent!.Value.GetProperty("sum").GetInt32());
            Assert.Null(number.StructuredContent);
            Assert.Equal("7", Assert.IsType<TextContentBlock>(number.Content[0]).Text);
            var children = server.Children();
            Assert.Equal(0, (await server.EndAsync(Token)).ExitCode);
            await AssertGoneAsync(children);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Says_which_file_cannot_be_read()
    {
        await using var server = RunningToolServer.Start("--definition", "/nowhere/definition.json");

        var (exitCode, errors) = await server.EndAsync(Token);

        Assert.Equal(2, exitCode);
        Assert.Contains("/nowhere/definition.json cannot be read", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_call_kills_its_worker_and_end_of_input_ends_all()
    {
        await using var server = RunningToolServer.Start();
        await server.DefineAsync(RunningToolServer.Definition(Endless, Sum, ("spin", "(i) => { for (;;) { } }")), Token);
        await using var client = await server.ConnectAsync("2026-07-28", Token);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = client.CallToolAsync("spin", cancellationToken: cancel.Token).AsTask();
        var running = await RunningAsync(server);

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await AssertGoneAsync([running]);
        _ = client.CallToolAsync("spin", cancellationToken: Token).AsTask();
        running = await RunningAsync(server);
        var children = server.Children();
        Assert.Equal(0, (await server.EndAsync(Token)).ExitCode);
        await AssertGoneAsync([running, .. children]);
    }

    [Fact]
    [Trait("BadInput", "B10")]
    public async Task Ends_at_a_line_of_more_than_4_MiB()
    {
        await using var server = RunningToolServer.Start();
        await server.DefineAsync(RunningToolServer.Definition(null, Sum), Token);
        var chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'x');
        try
        {
            for (var sent = 0; sent < 16 * 1024 * 1024; sent += chunk.Length)
            {
                await server.Input.WriteAsync(chunk, Token);
            }
        }
        catch (IOException)
        {
            // It closed the pipe in the middle, as it should.
        }

        await server.Process.WaitForExitAsync(Token);
        Assert.Equal(1, server.Process.ExitCode);
    }

    [Fact]
    [Trait("Fault", "F1")]
    public async Task Workers_do_not_outlive_a_killed_server()
    {
        await using var server = RunningToolServer.Start();
        await server.DefineAsync(RunningToolServer.Definition(Endless, ("spin", "(i) => { for (;;) { } }")), Token);
        await using var client = await server.ConnectAsync("2026-07-28", Token);
        _ = client.CallToolAsync("spin", cancellationToken: Token).AsTask();
        _ = await RunningAsync(server);
        var children = server.Children();

        server.Process.Kill();

        Assert.NotEmpty(children);
        await AssertGoneAsync(children);
    }

    /// <summary>The worker that burns time; found by the time it has burnt.</summary>
    private static async Task<int> RunningAsync(RunningToolServer server)
    {
        const long Ticks = 100;
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            foreach (var child in server.Children())
            {
                if (ProcessorTicks(child) > Ticks)
                {
                    return child;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }

    private static long ProcessorTicks(int process)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
            return long.Parse(fields[11]) + long.Parse(fields[12]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task AssertGoneAsync(IEnumerable<int> processes)
    {
        foreach (var process in processes)
        {
            while (File.Exists($"/proc/{process}/stat") && !ReadState(process).StartsWith('Z'))
            {
                Token.ThrowIfCancellationRequested();
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
            }
        }
    }

    private static string ReadState(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1];
        }
        catch (IOException)
        {
            return "Z";
        }
    }
}
