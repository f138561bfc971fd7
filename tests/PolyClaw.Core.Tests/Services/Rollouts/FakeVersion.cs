using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

/// <summary>The replicas of one version in a simulated world, kept at the wanted number by a supervisor.</summary>
internal sealed class FakeVersion(Quality quality, Random chance)
{
    private const int Never = int.MaxValue;

    private readonly List<Replica> _replicas = [];
    private readonly List<RequestWindow> _seen = [new(0, 0, TimeSpan.Zero)];
    private int _deaths;

    public int Wanted { get; private set; }

    public int Running => _replicas.Count;

    public bool Broken => _deaths >= 3;

    /// <summary>Requests answered since the stage began, as it really is.</summary>
    public RequestWindow Answered => _seen[^1];

    public void Tell(int wanted) => Wanted = wanted;

    public int Healthy(int tick) => _replicas.Count(r => r.IsHealthy(tick));

    /// <summary>Replicas that were there, and healthy, before anybody looked.</summary>
    public void Stand(int replicas)
    {
        Wanted = replicas;
        _replicas.AddRange(Enumerable.Range(0, replicas).Select(_ => new Replica()));
    }

    public void BeginStage()
    {
        _seen.Clear();
        _seen.Add(new RequestWindow(0, 0, TimeSpan.Zero));
    }

    public void Live(int tick, bool faulty)
    {
        _replicas.RemoveAll(r => r.GoneAt <= tick);
        if (faulty || quality == Quality.CrashLoops)
            _replicas.RemoveAll(r => r.GoneAt == Never && Dies(r, tick, faulty));
        var staying = _replicas.Count(r => r.GoneAt == Never);
        if (staying > Wanted)
        {
            foreach (var replica in _replicas.Where(r => r.GoneAt == Never).OrderBy(r => r.IsHealthy(tick)).Take(staying - Wanted).ToList())
                replica.GoneAt = tick + chance.Next(1, faulty ? 12 : 4);
        }

        for (var i = staying; i < Wanted && (!faulty || chance.Next(4) > 0); i++)
            _replicas.Add(New(tick, faulty));
    }

    /// <summary>What the version makes of so many requests.</summary>
    /// <returns>Requests that nobody was there to take.</returns>
    public int Serve(int tick, int requests, bool faulty)
    {
        var taken = Healthy(tick) > 0 ? requests : 0;
        var share = quality == Quality.Fails ? 0.3 : faulty && chance.Next(10) == 0 ? 0.2 : 0;
        var p99 = (quality == Quality.Slow ? 2000 : 100) + chance.Next(-10, 21);
        var last = Answered;
        _seen.Add(new RequestWindow(last.Count + taken, last.Failures + (long)Math.Round(taken * share), TimeSpan.FromMilliseconds(p99)));
        return requests - taken;
    }

    /// <summary>What a reconciler sees of it: in a faulty world metrics are missing, late or nonsense at times.</summary>
    public VersionSeen Look(int tick, bool faulty)
    {
        var requests = !faulty ? Answered : chance.Next(10) switch
        {
            < 2 => null,
            < 4 => _seen[Math.Max(0, _seen.Count - chance.Next(1, 10))],
            4 when chance.Next(4) == 0 => new RequestWindow(1000, chance.Next(2) == 0 ? -1 : 1001, TimeSpan.FromMilliseconds(1)),
            _ => Answered,
        };
        return new VersionSeen(Wanted, Running, Healthy(tick), Broken, null, requests);
    }

    private bool Dies(Replica replica, int tick, bool faulty)
    {
        var crashes = quality == Quality.CrashLoops && tick - 1 > replica.ReadyAt;
        if (crashes)
            _deaths++;
        else if (faulty && chance.Next(40) == 0)
            replica.IllUntil = tick + chance.Next(1, 15);
        return crashes || (faulty && chance.Next(60) == 0);
    }

    private Replica New(int tick, bool faulty) => new()
    {
        ReadyAt = quality == Quality.NeverHealthy ? Never : tick + chance.Next(1, faulty ? 25 : 5),
    };

    private sealed class Replica
    {
        public int ReadyAt { get; init; }

        public int IllUntil { get; set; }

        public int GoneAt { get; set; } = Never;

        public bool IsHealthy(int tick) => GoneAt == Never && tick >= ReadyAt && tick >= IllUntil;
    }
}
