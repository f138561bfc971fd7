namespace PolyClaw.Core.Execution;

/// <summary>
/// Records that are written behind the calls they tell of. So many at most are under way, in the order in which the journal writes them;
/// the first one that failed is remembered until somebody is told. Safe for any number of threads; adding allocates nothing while there is room.
/// </summary>
internal sealed class RecordsBehind
{
    internal const int Most = 512;

    private readonly Lock _lock = new();
    private readonly Task?[] _ring = new Task?[Most];
    private int _first, _count;
    private Exception? _failure;

    /// <summary>Why the first record failed that nobody was told of; nothing when all are written or on their way.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_lock)
            {
                Settle();
                return _failure;
            }
        }
    }

    /// <summary>Somebody was told of this failure.</summary>
    public void Told(Exception failure)
    {
        lock (_lock)
            if (ReferenceEquals(_failure, failure))
                _failure = null;
    }

    /// <summary>Adds a record; waits for the oldest while there is no room.</summary>
    public Task AddAsync(Task record) => TryAdd(record) is { } oldest ? AddAfterAsync(oldest, record) : Task.CompletedTask;

    private async Task AddAfterAsync(Task oldest, Task record)
    {
        for (var next = (Task?)oldest; next is not null; next = TryAdd(record))
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Nothing when it was added, else the oldest that stands in its way.</summary>
    private Task? TryAdd(Task record)
    {
        lock (_lock)
        {
            Settle();
            if (_count == Most)
                return _ring[_first];
            _ring[(_first + _count++) % Most] = record;
            return null;
        }
    }

    private void Settle()
    {
        while (_count > 0 && _ring[_first] is { IsCompleted: true } written)
        {
            _failure ??= written.Exception?.InnerException;
            _ring[_first] = null;
            _first = (_first + 1) % Most;
            _count--;
        }
    }
}
