using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Services.Control;

/// <summary>
/// The replicas that a version has lost lately, and what follows: how long the next one waits, and when it counts as a crash loop. Counted by rounds:
/// when an engine takes all twenty replicas with it, each was lost once.
/// </summary>
internal sealed class Losses(int most)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private const int MostRemembered = 10_000;

    private readonly List<DateTimeOffset> _at = [];

    /// <summary>What the last one died of.</summary>
    public Fault? Last { get; private set; }

    public void Add(Fault? why, DateTimeOffset now)
    {
        _at.Add(now);
        if (_at.Count > MostRemembered)
            _at.RemoveAt(0);
        Last = why ?? Last;
    }

    /// <summary>Whether replicas die as fast as they are made.</summary>
    /// <param name="now">The time.</param>
    /// <param name="replicas">How many replicas the version has.</param>
    public bool IsLoop(DateTimeOffset now, int replicas) => Lately(now) >= most * replicas;

    /// <summary>Whether another replica may be made now: at once after the first loss, then after 1, 2, 4 … s, at most a minute.</summary>
    /// <param name="now">The time.</param>
    /// <param name="replicas">How many replicas the version has.</param>
    public bool MayReplace(DateTimeOffset now, int replicas)
    {
        var lately = (int)Math.Ceiling(Lately(now) / (double)Math.Max(1, replicas));
        if (lately <= 1)
            return true;
        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(10, lately - 2)));
        return now.Since(_at[^1]) >= (wait < LongestWait ? wait : LongestWait);
    }

    private int Lately(DateTimeOffset now)
    {
        _at.RemoveAll(at => now.Since(at) >= Remembered);
        return _at.Count;
    }
}
