using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol.Client;

namespace PolyClaw.Bench.Peers;

/// <summary>A home of its own for one measurement, with the instance in it; both are gone afterwards.</summary>
internal sealed class AppHome : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BenchSettings _settings;
    private readonly string _folder;

    private AppHome(BenchSettings settings, string folder, IReadOnlyDictionary<string, string> environment) =>
        (_settings, _folder, Environment) = (settings, folder, environment);

    public string Folder => _folder;

    /// <summary>The environment of every program that belongs to this home: this one's, without settings of somebody else's home.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <param name="settings">The bench.</param>
    /// <param name="runtime"><c>local</c>, <c>docker</c> or <c>auto</c>.</param>
    public static AppHome Make(BenchSettings settings, string runtime)
    {
        var folder = Path.Combine(settings.WorkFolder, "polyclaw-bench-" + Guid.NewGuid().ToString("n")[..8]);
        Directory.CreateDirectory(folder);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            if ((string)variable.Key is var name && !name.StartsWith("POLYCLAW", StringComparison.OrdinalIgnoreCase) && name != "OPENAI_API_KEY")
                environment[name] = (string?)variable.Value ?? "";
        environment["POLYCLAW_HOME"] = folder;
        environment["POLYCLAW__RUNTIME__KIND"] = runtime;
        // Room for the twenty children of the memory row.
        environment["POLYCLAW__POLICY__LIMITS__CPU"] = "64";
        environment["POLYCLAW__POLICY__LIMITS__SERVERS"] = "64";
        environment["POLYCLAW__GATEWAY__LISTEN"] = "127.0.0.1:0";
        return new AppHome(settings, folder, environment);
    }

    /// <summary>A client of a shim of its own; the first starts the instance.</summary>
    public Task<McpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = _settings.App,
            Arguments = ["serve"],
            InheritEnvironmentVariables = false,
            EnvironmentVariables = Environment.ToDictionary(e => e.Key, e => (string?)e.Value),
        });
        return McpClient.CreateAsync(transport, cancellationToken: cancellationToken);
    }

    /// <summary>Starts the instance and leaves it with no client.</summary>
    public async Task StartInstanceAsync(CancellationToken cancellationToken) =>
        await LineServer.TimeStartAsync(_settings.App, ["serve"], [Lines.Initialize], Environment, cancellationToken);

    /// <summary>The instance's process.</summary>
    public async Task<int> InstancePidAsync(CancellationToken cancellationToken)
    {
        var (exit, text) = await RunAsync(["status", "--json"], cancellationToken);
        return exit == 0
            ? JsonElement.Parse(text).GetProperty("pid").GetInt32()
            : throw new InvalidOperationException($"polyclaw status ended with {exit}: {text}");
    }

    /// <summary>What a command of the program prints.</summary>
    /// <exception cref="InvalidOperationException">It did not succeed.</exception>
    public async Task<string> AskAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var (exit, text) = await RunAsync(arguments, cancellationToken);
        return exit == 0 ? text : throw new InvalidOperationException($"polyclaw {string.Join(' ', arguments)} ended with {exit}: {text}");
    }

    /// <summary>Ends the instance, if there is one, and waits until it has gone.</summary>
    public async Task StopInstanceAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var (exit, text) = await RunAsync(["stop", "--json"], patience.Token);
        if (exit != 0 && text.Contains("no_instance", StringComparison.Ordinal))
            return;
        if (exit != 0)
            throw new InvalidOperationException($"the instance in {_folder} could not be stopped: {text}");
        var pid = JsonElement.Parse(text).GetProperty("pid").GetInt32();
        while (Lives(pid))
        {
            if (patience.IsCancellationRequested)
                throw new InvalidOperationException($"the instance, process {pid}, did not end within {Patience.TotalSeconds} s");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopInstanceAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(int Exit, string Output)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_settings.App, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("polyclaw did not start");
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output.Length > 0 ? output : await errors);
    }

    // A process that has ended but was not collected by its parent is gone for us.
    private static bool Lives(int pid)
    {
        if (OperatingSystem.IsLinux())
            return ProcessMemory.StatOf(pid) is { State: not 'Z' };
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
