using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Tests.Serving;

/// <summary>
/// The program itself, in a process: <c>dotnet polyclaw-toolserver.dll</c>, or the native program that the variable
/// POLYCLAW_TOOLSERVER names.
/// </summary>
internal sealed class RunningToolServer : IAsyncDisposable
{
    public const string Canary = "canary-8d1f";
    private readonly Task<string> _errors;

    private RunningToolServer(Process process)
    {
        Process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public Process Process { get; }

    public Stream Input => Process.StandardInput.BaseStream;

    public static RunningToolServer Start(params string[] arguments)
    {
        var native = Environment.GetEnvironmentVariable("POLYCLAW_TOOLSERVER");
        var info = native is null
            ? new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "polyclaw-toolserver.dll"), .. arguments])
            : new ProcessStartInfo(native, arguments);
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        info.Environment["ANTHROPIC_API_KEY"] = Canary;
        return new RunningToolServer(Process.Start(info)!);
    }

    public static ToolServerDefinition Definition(LimitsDefinition? limits, params (string Name, string Code)[] tools) => new(
        ToolServerDefinition.CurrentVersion,
        "tests",
        [.. tools.Select(t => new ToolDefinition(
            t.Name, $"Does {t.Name}.", JsonElement.Parse("""{"type":"object"}"""), ToolDefinition.JavaScript, t.Code))],
        [new FileDefinition("a.csv", "x,y\n1,2")],
        new Dictionary<string, string> { ["TOKEN"] = Canary },
        limits);

    public async Task DefineAsync(ToolServerDefinition definition, CancellationToken cancellationToken)
    {
        await Input.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(definition, ToolServerDefinitionJson.Default.ToolServerDefinition), cancellationToken);
        await Input.WriteAsync("\n"u8.ToArray(), cancellationToken);
        await Input.FlushAsync(cancellationToken);
    }

    public Task<McpClient> ConnectAsync(string? protocolVersion, CancellationToken cancellationToken) => McpClient.CreateAsync(
        new StreamClientTransport(Input, Process.StandardOutput.BaseStream),
        new McpClientOptions { ProtocolVersion = protocolVersion },
        cancellationToken: cancellationToken);

    /// <summary>Closes its input and waits for its end.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync(CancellationToken cancellationToken)
    {
        Process.StandardInput.Close();
        await Process.WaitForExitAsync(cancellationToken);
        return (Process.ExitCode, await _errors);
    }

    /// <summary>The processes it has started that live.</summary>
    public IReadOnlyList<int> Children()
    {
        // The kernel lists children under the thread that started them.
        var children = new List<int>();
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{Process.Id}/task"))
        {
            try
            {
                children.AddRange(File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
            catch (IOException)
            {
                // The thread ended; its children are another's now.
            }
        }

        return children;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
        }

        await Process.WaitForExitAsync(CancellationToken.None);
        Process.Dispose();
    }
}
