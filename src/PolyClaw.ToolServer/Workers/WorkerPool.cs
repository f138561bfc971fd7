namespace PolyClaw.ToolServer.Workers;

/// <summary>
/// Runs each call in a worker of its own, used once. One spare waits, started and warm, so that a call does not pay for
/// the start of a process.
/// </summary>
internal sealed class WorkerPool(WorkerCommand command, WorkerBudget budget, TimeProvider clock) : IDisposable
{
    private const int MostWaiting = 64;

    private readonly SemaphoreSlim _slots = new(budget.Slots);
    private readonly Lock _gate = new();
    private WorkerProcess? _spare;
    private bool _sparePending;
    private bool _closed;
    private int _admitted;

    /// <summary>Runs the job when a slot is free.</summary>
    public async Task<CallEnd> RunAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _admitted) > budget.Slots + MostWaiting)
            {
                return CallEnd.Failed($"{budget.Slots} calls run and {MostWaiting} wait already: call again when some have ended");
            }

            await _slots.WaitAsync(cancellationToken);
            try
            {
                return await RunInSlotAsync(job, cancellationToken);
            }
            finally
            {
                _ = _slots.Release();
                PrepareSpare();
            }
        }
        finally
        {
            _ = Interlocked.Decrement(ref _admitted);
        }
    }

    /// <summary>Has a spare started, if there is none; returns at once.</summary>
    public void PrepareSpare()
    {
        lock (_gate)
        {
            if (_closed || _sparePending || _spare is { IsAlive: true })
            {
                return;
            }

            _sparePending = true;
        }

        _ = ThreadPool.UnsafeQueueUserWorkItem(static pool => pool.StartSpare(), this, preferLocal: false);
    }

    public void Dispose()
    {
        WorkerProcess? spare;
        lock (_gate)
        {
            _closed = true;
            spare = _spare;
            _spare = null;
        }

        spare?.Dispose();
        _slots.Dispose();
    }

    private async Task<CallEnd> RunInSlotAsync(Job job, CancellationToken cancellationToken)
    {
        using var worker = TakeSpare() ?? WorkerProcess.Start(command, budget.HeapMib, clock);
        if (Environment.ProcessorCount > 1)
        {
            // With one processor the next worker's start would slow this call; with two it hides behind it.
            PrepareSpare();
        }

        return await worker.RunAsync(job, cancellationToken);
    }

    private WorkerProcess? TakeSpare()
    {
        WorkerProcess? spare;
        lock (_gate)
        {
            spare = _spare;
            _spare = null;
        }

        if (spare is { IsAlive: false })
        {
            // Killed while it waited, by an operator or for its memory: the call gets a fresh one.
            spare.Dispose();
            return null;
        }

        return spare;
    }

    private void StartSpare()
    {
        WorkerProcess? started = null;
        try
        {
            started = WorkerProcess.Start(command, budget.HeapMib, clock);
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or IOException)
        {
            // No room for another process now: the next call starts its own, and reports it if it cannot.
        }

        lock (_gate)
        {
            _sparePending = false;
            if (!_closed)
            {
                (started, _spare) = (_spare, started);
            }
        }

        started?.Dispose();
    }
}
