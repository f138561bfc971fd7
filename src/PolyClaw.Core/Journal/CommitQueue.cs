namespace PolyClaw.Core.Journal;

/// <summary>
/// What waits for the next commit. Appends that somebody waits for are handed on at once; those that nobody waits for, with these, or when
/// the first of them is old enough, or when they fill a commit. A plain lock and a plain wait: the writer has a thread of its own, and a
/// thread that spins before it sleeps takes the processor from the calls it writes about.
/// </summary>
/// <param name="batch">Most events that are handed on together, beyond a single append's.</param>
/// <param name="behind">How long an append that nobody waits for may lie here.</param>
internal sealed class CommitQueue(int batch, TimeSpan behind)
{
    private readonly object _lock = new();
    private readonly Queue<PendingAppend> _waiting = new();
    private int _events;
    private int _awaited;
    private bool _completed;

    private bool Due => _awaited > 0 || _events >= batch || _completed;

    /// <summary>Adds an append, unless the queue was completed.</summary>
    public bool TryAdd(PendingAppend append)
    {
        lock (_lock)
        {
            if (_completed)
                return false;
            _waiting.Enqueue(append);
            _events += append.Events;
            _awaited += append.Behind ? 0 : 1;
            if (Due || _waiting.Count == 1)
                Monitor.Pulse(_lock);
            return true;
        }
    }

    /// <summary>Takes no more; what lies here is handed on.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Waits for what is to be written next, in the order it came. Only the writer's thread calls it.</summary>
    /// <returns>Nothing once the queue is completed and empty.</returns>
    public IReadOnlyList<PendingAppend> Take()
    {
        lock (_lock)
        {
            while (_waiting.Count == 0 && !_completed)
                Monitor.Wait(_lock);
            if (!Due)
                Monitor.Wait(_lock, behind);
            var taken = new List<PendingAppend>();
            for (var events = 0; events < batch && _waiting.TryDequeue(out var append); events += append.Events)
            {
                taken.Add(append);
                _events -= append.Events;
                _awaited -= append.Behind ? 0 : 1;
            }

            return taken;
        }
    }
}
