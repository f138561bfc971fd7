using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>A ToolServer that runs as a process here.</summary>
internal sealed class LocalChild : IChild
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ControlGroup? _group;
    private readonly ErrorRing _errors;
    private readonly bool _leadsGroup;
    private readonly TimeProvider _clock;

    /// <summary>Takes over a process that has just been started.</summary>
    public LocalChild(string name, Process process, bool leadsGroup, ControlGroup? group, TimeProvider clock)
    {
        Name = name;
        _process = process;
        _leadsGroup = leadsGroup;
        _group = group;
        _clock = clock;
        _errors = new ErrorRing(process.StandardError.BaseStream);
        Exited = WaitAsync();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The first of its processes.</summary>
    public int ProcessId => _process.Id;

    /// <inheritdoc/>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <inheritdoc/>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <inheritdoc/>
    public string ErrorTail => _errors.ToString();

    /// <inheritdoc/>
    public Task<ChildExit> Exited { get; }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has gone already, with something unwritten.
        }

        if (!await EndedInTimeAsync(cancellationToken))
        {
            Signal(15);
            await EndedInTimeAsync(cancellationToken);
        }

        await DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited;
    }

    private async Task<bool> EndedInTimeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Exited.WaitAsync(Patience, _clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<ChildExit> WaitAsync()
    {
        await _process.WaitForExitAsync();
        Kill();
        var outOfMemory = _group?.KilledForMemory() ?? false;
        // What a dead child left in the pipe is its last words.
        await Task.WhenAny(_errors.Ended, Task.Delay(TimeSpan.FromMilliseconds(200), _clock));
        var exit = new ChildExit(_process.ExitCode, outOfMemory);
        if (_group is not null)
            await _group.RemoveAsync(_clock);
        return exit;
    }

    // The whole group: in a sandbox the first process takes all others with it; without one the group is all there is.
    private void Kill()
    {
        if (_leadsGroup)
            Signal(9);
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    private void Signal(int signal)
    {
        if (OperatingSystem.IsWindows())
            return;
        // ESRCH says that nobody is left, which is what was wanted.
        _ = kill(_leadsGroup ? -_process.Id : _process.Id, signal);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
