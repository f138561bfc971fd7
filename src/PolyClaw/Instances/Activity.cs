namespace PolyClaw.Instances;

/// <summary>Who is connected, and since when nobody is.</summary>
internal sealed class Activity(TimeProvider clock)
{
    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private int _connections;
    private long _quietSince = clock.GetTimestamp();

    /// <summary>Told each time a connection has ended.</summary>
    public event Action? Left;

    public int Connections => Volatile.Read(ref _connections);

    public TimeSpan Uptime => clock.GetUtcNow() - _started;

    /// <summary>How long nothing has been connected; zero while something is.</summary>
    public TimeSpan Quiet => Connections > 0 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref _quietSince));

    public void Enter() => Interlocked.Increment(ref _connections);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _connections) == 0)
            Touch();
        Left?.Invoke();
    }

    /// <summary>Something happened: the quiet begins anew.</summary>
    public void Touch() => Volatile.Write(ref _quietSince, clock.GetTimestamp());
}
