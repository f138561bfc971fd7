using System.Diagnostics;
using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Instances;

/// <summary>An instance that this process started in the background, until it answers.</summary>
internal sealed class LaunchedInstance : IDisposable
{
    private const int MostSaid = 16 * 1024;

    private readonly Process _process;
    private readonly Task<string> _said;

    private LaunchedInstance(Process process) => (_process, _said) = (process, ReadAsync(process.StandardError));

    /// <summary>It ended well without serving: another instance has the journal.</summary>
    public bool FoundAnother => _process.HasExited && _process.ExitCode == 0;

    public bool Failed => _process.HasExited && _process.ExitCode != 0;

    public static LaunchedInstance Start(Home home)
    {
        var program = Environment.ProcessPath!;
        // Its streams are pipes of ours, never the client's: stdout belongs to the protocol, and the client waits for its end.
        var info = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home.Folder,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "polyclaw.dll"));
        info.ArgumentList.Add(InstanceCommand.Name);
        return new LaunchedInstance(Process.Start(info)
            ?? throw new HomeFaultException(new Fault("instance_failed", "the instance could not be started", program)));
    }

    /// <summary>Why it failed: the fault it told, else its last words.</summary>
    public async Task<Fault> WhyAsync(Home home)
    {
        var said = (await _said).Trim();
        try
        {
            if (said.StartsWith('{') && JsonSerializer.Deserialize(said, PrefaceJson.Default.Fault) is { } fault)
                return fault;
        }
        catch (JsonException)
        {
            // Then it is no fault but the runtime's own words, and they are told as they are.
        }

        return new Fault(
            "instance_failed", $"the instance ended with exit code {_process.ExitCode}: {(said.Length > 0 ? said : "it said nothing")}", Fix: $"its log is {home.Log}");
    }

    public void Dispose() => _process.Dispose();

    private static async Task<string> ReadAsync(StreamReader error)
    {
        var buffer = new char[MostSaid];
        var length = 0;
        while (length < buffer.Length && await error.ReadAsync(buffer.AsMemory(length), CancellationToken.None) is > 0 and var read)
            length += read;
        return new string(buffer, 0, length);
    }
}
