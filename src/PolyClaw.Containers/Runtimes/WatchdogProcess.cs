using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace PolyClaw.Containers.Runtimes;

/// <summary>The instance's end of the life line: one small process for a lease, started with the first child and told when all is well at the end.</summary>
internal sealed partial class WatchdogProcess(WatchdogLaunch launch, DockerEndpoint endpoint, string lease, ILogger log) : IDisposable
{
    private readonly Lock _gate = new();
    private Process? _process;
    private bool _disposed;

    /// <summary>Starts it, unless it runs. Without it a child that ignores end of input outlives a killed instance, and nothing else is lost: so a failure is told and no more.</summary>
    public void Ensure()
    {
        lock (_gate)
        {
            if (_disposed || _process is { HasExited: false })
                return;
            _process?.Dispose();
            _process = null;
            try
            {
                _process = Start();
            }
            catch (Exception refused) when (refused is Win32Exception or IOException or InvalidOperationException)
            {
                LogAbsent(refused, launch.Program);
            }
        }
    }

    /// <summary>Says farewell: it ends at once and removes nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            if (_process is null)
                return;
            try
            {
                _process.StandardInput.BaseStream.WriteByte((byte)Watchdog.Farewell);
                _process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has ended before us: somebody ended it, and nothing is left for it to do.
            }

            _process.Dispose();
            _process = null;
        }
    }

    private Process Start()
    {
        var info = new ProcessStartInfo(launch.Program, launch.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            // Pipes too, though nothing is said on them: it must not hold our own streams open when we are gone.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
        };
        info.Environment.Clear();
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(info) ?? throw new InvalidOperationException("no process was started");
        process.StandardInput.BaseStream.Write(Watchdog.Opening(endpoint, lease, launch.Wait));
        process.StandardInput.BaseStream.Flush();
        return process;
    }

    [LoggerMessage(LogLevel.Warning, "The watchdog {Program} could not be started: a server that ignores end of input would outlive this instance if it were killed")]
    private partial void LogAbsent(Exception cause, string program);
}
