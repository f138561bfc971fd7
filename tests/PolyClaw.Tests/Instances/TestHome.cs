using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

/// <summary>A home of its own under the temp folder, and the real program in it. What was started in it is ended with it.</summary>
internal sealed class TestHome : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly List<Process> _started = [];
    private readonly HashSet<int> _instances = [];

    public TestHome(string? folder = null)
    {
        Folder = folder ?? Path.Combine(Path.GetTempPath(), "pct-" + Guid.NewGuid().ToString("N")[..10]);
        Home = Home.At(Folder);
    }

    public string Folder { get; }

    public Home Home { get; }

    /// <summary>More variables for everything that is started.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal) { ["POLYCLAW__Runtime__Kind"] = "local" };

    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The built program, with its ToolServer beside it.</summary>
    public static string Program { get; } = Path.Combine(
        RepositoryRoot, "src", "PolyClaw", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, new DirectoryInfo(AppContext.BaseDirectory).Name, "polyclaw.dll");

    /// <summary>How the program is started: as it was built, or the published one that <c>POLYCLAW_TEST_PROGRAM</c> names.</summary>
    public static string[] Command { get; } = Environment.GetEnvironmentVariable("POLYCLAW_TEST_PROGRAM") is { Length: > 0 } published ? [published] : ["dotnet", Program];

    /// <summary>What stands before the program's own arguments.</summary>
    public string[] Launcher { get; init; } = Command;

    public static string Sample { get; } = Path.Combine(RepositoryRoot, "samples", "sales-report.goal");

    public Process Start(string[] arguments, params (string Name, string Value)[] variables)
    {
        var info = new ProcessStartInfo(Launcher[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryRoot,
        };
        foreach (var argument in Launcher.Skip(1).Concat(arguments))
            info.ArgumentList.Add(argument);
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("POLYCLAW", StringComparison.OrdinalIgnoreCase) || k == "OPENAI_API_KEY").ToList())
            info.Environment.Remove(name);
        info.Environment["POLYCLAW_HOME"] = Folder;
        info.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in Variables)
            info.Environment[name] = value;
        foreach (var (name, value) in variables)
            info.Environment[name] = value;
        var process = Process.Start(info)!;
        lock (_started)
            _started.Add(process);
        return process;
    }

    /// <summary>Runs a command to its end, with nothing to read.</summary>
    public Task<Ended> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    public async Task<Ended> RunAsync(string[] arguments, string input, params (string Name, string Value)[] variables)
    {
        var process = Start(arguments, variables);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Limit);
        return new Ended(process.ExitCode, await output.WaitAsync(Limit), await error.WaitAsync(Limit));
    }

    /// <summary>Says hello to the home's instance as a client would; null when none answers.</summary>
    public async Task<PrefaceAnswer?> HelloAsync(Preface? preface = null)
    {
        try
        {
            await using var stream = await ConnectAsync();
            await stream.WriteAsync(PrefaceJson.Line(preface ?? Preface.Of(Preface.Mcp) with { Build = "0.0.0/x/0" }));
            if (await FirstLine.ReadAsync(stream.Socket, Preface.Longest, CancellationToken.None).WaitAsync(Limit) is not { } line)
                return null;
            var answer = JsonSerializer.Deserialize(line, PrefaceJson.Default.PrefaceAnswer)!;
            lock (_instances)
                _instances.Add(answer.Pid);
            return answer;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    /// <summary>The pid of the instance that answers, once one does.</summary>
    public async Task<int> InstanceAsync()
    {
        PrefaceAnswer? answer = null;
        await UntilAsync(async () => (answer = await HelloAsync()) is not null);
        return answer!.Pid;
    }

    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Home.Socket));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Looks until it is so; a process outside cannot be waited for otherwise.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, "it did not come about in time");
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        }
    }

    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    public static async Task EndedAsync(int pid)
    {
        await UntilAsync(() => Task.FromResult(!Directory.Exists($"/proc/{pid}") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder))
            await HelloAsync();
        foreach (var process in _started)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        foreach (var pid in _instances)
        {
            try
            {
                Kill(pid);
                await EndedAsync(pid);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It has ended already.
            }
        }

        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static string FindRoot()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here.FullName, "PolyClaw.slnx")))
            here = here.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        return here.FullName;
    }

    internal sealed record Ended(int Code, string Output, string Error);
}
