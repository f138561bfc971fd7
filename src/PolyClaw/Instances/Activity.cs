namespace PolyClaw.Instances;

/// <summary>Who is connected, and since when nobody is. Whoever is let in counts before anything is decided about the instance's end.</summary>
internal sealed class Activity(TimeProvider clock)
{
    private readonly Lock _deciding = new();
    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private int _connections;
    private long _quietSince = clock.GetTimestamp();
    private bool _closed;

    /// <summary>Told each time a connection has ended.</summary>
    public event Action? Left;

    public int Connections
    {
        get
        {
            lock (_deciding)
                return _connections;
        }
    }

    public TimeSpan Uptime => clock.GetUtcNow() - _started;

    /// <summary>Counts a connection.</summary>
    /// <returns>False when the instance is about to end: then it must not be promised anything.</returns>
    public bool TryEnter()
    {
        lock (_deciding)
        {
            if (_closed)
                return false;
            _connections++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_deciding)
            if (--_connections == 0)
                _quietSince = clock.GetTimestamp();
        Left?.Invoke();
    }

    /// <summary>Something happened: the quiet begins anew.</summary>
    public void Touch()
    {
        lock (_deciding)
            _quietSince = clock.GetTimestamp();
    }

    /// <summary>Lets nobody in any more, if nothing has been connected for so long.</summary>
    public bool TryCloseAfter(TimeSpan quiet)
    {
        lock (_deciding)
            return _closed |= _connections == 0 && clock.GetElapsedTime(_quietSince) >= quiet;
    }

    /// <summary>Lets nobody in any more, if one connection alone is here: the one that asks.</summary>
    public bool TryCloseForOne()
    {
        lock (_deciding)
            return _closed |= _connections == 1;
    }
}
