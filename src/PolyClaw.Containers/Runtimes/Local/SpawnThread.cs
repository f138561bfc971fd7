using System.Collections.Concurrent;
using System.Diagnostics;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>
/// One thread that starts all children and lives as long as their runtime. The kernel's "die with your parent" goes by the thread
/// that started the child: a pool thread that retires would take healthy children with it.
/// </summary>
internal sealed class SpawnThread : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _orders = [];

    private bool _ended;

    /// <summary>Starts the thread.</summary>
    public SpawnThread() => new Thread(Work) { IsBackground = true, Name = "spawn" }.Start();

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refused.</exception>
    public Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add((info, started));
        return started.Task;
    }

    /// <summary>Ends the thread, and with it children that are still there.</summary>
    /// <remarks>Its runtime may be disposed twice; the thread that ends disposes the orders themselves.</remarks>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _ended, true))
            _orders.CompleteAdding();
    }

    private void Work()
    {
        foreach (var (info, started) in _orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException("no process was started"));
            }
            catch (Exception refused)
            {
                started.SetException(refused);
            }
        }

        _orders.Dispose();
    }
}
