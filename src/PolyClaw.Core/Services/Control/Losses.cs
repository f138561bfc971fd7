using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Services.Control;

/// <summary>The replicas that a version has lost lately, and what follows: how long the next one waits, and when it counts as a crash loop.</summary>
internal sealed class Losses(int most)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly List<DateTimeOffset> _at = [];

    /// <summary>What the last one died of.</summary>
    public Fault? Last { get; private set; }

    public void Add(Fault? why, DateTimeOffset now)
    {
        _at.Add(now);
        if (_at.Count > most + 1)
            _at.RemoveAt(0);
        Last = why ?? Last;
    }

    /// <summary>Whether replicas die as fast as they are made.</summary>
    public bool IsLoop(DateTimeOffset now) => Lately(now) >= most;

    /// <summary>Whether another replica may be made now: at once after the first loss, then after 1, 2, 4 … s, at most a minute.</summary>
    public bool MayReplace(DateTimeOffset now)
    {
        var lately = Lately(now);
        if (lately <= 1)
            return true;
        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(10, lately - 2)));
        return now.Since(_at[^1]) >= (wait < LongestWait ? wait : LongestWait);
    }

    public void Clear() => _at.Clear();

    private int Lately(DateTimeOffset now)
    {
        _at.RemoveAll(at => now.Since(at) >= Remembered);
        return _at.Count;
    }
}
