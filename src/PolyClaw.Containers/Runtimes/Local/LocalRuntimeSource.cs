using System.ComponentModel;
using System.Diagnostics;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>Looks at what this machine offers. There is always a local runtime; what it lacks it says.</summary>
internal sealed class LocalRuntimeSource(ToolServerLocator locator, TimeProvider clock) : IRuntimeSource
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);
    private static readonly string[] Folders = ["/usr/bin", "/bin", "/usr/local/bin"];

    /// <inheritdoc/>
    public async Task<RuntimeFinding> FindAsync(CancellationToken cancellationToken) =>
        new(new LocalRuntime(await LookAsync(allowSandbox: true, cancellationToken), clock));

    /// <summary>Looks.</summary>
    /// <param name="allowSandbox">False to leave bubblewrap out, as a machine without it would.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LocalTraits> LookAsync(bool allowSandbox, CancellationToken cancellationToken)
    {
        var program = locator.Find(out var missing);
        var (sandbox, why) = allowSandbox ? await ProbeAsync(cancellationToken) : (null, "bubblewrap was not to be used");
        var groups = ControlGroupRoot.Find($"{ControlGroup.Prefix}{Environment.ProcessId}.probe");
        var limits = groups is null
            ? "memory limited by each process itself and processor time not at all, for want of control groups"
            : $"{string.Join(", ", groups.Controllers)} limited";
        var detail = sandbox is not null ? $"processes in bubblewrap, {limits}" : $"bare processes, since {why}, {limits}";
        return new LocalTraits(
            program,
            missing,
            sandbox,
            groups,
            sandbox is null ? Tool("setsid") : null,
            sandbox is null ? Tool("setpriv") : null,
            Tool("prlimit"),
            missing is null ? detail : $"{detail}; {missing.Message}");
    }

    private async Task<(Sandbox? Sandbox, string Why)> ProbeAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return (null, "bubblewrap is for Linux");
        if (Tool("bwrap") is not { } bwrap)
            return (null, "bubblewrap (bwrap) is not installed");
        var sandbox = new Sandbox(bwrap);
        var command = sandbox.ProbeCommand();
        var info = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        info.Environment.Clear();
        using var deadline = new CancellationTokenSource(ProbeLimit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var process = Process.Start(info)!;
            try
            {
                process.StandardInput.Close();
                var words = await process.StandardError.ReadToEndAsync(both.Token);
                await process.WaitForExitAsync(both.Token);
                return process.ExitCode == 0 ? (sandbox, "") : (null, $"bubblewrap does not work here: {Children.Listing.PlainText.Quote(words.Trim())}");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill();
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, $"bubblewrap did not end within {ProbeLimit.TotalSeconds:0} s");
        }
        catch (Win32Exception refused)
        {
            return (null, $"bubblewrap could not be started: {refused.Message}");
        }
    }

    private static string? Tool(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
