using System.Globalization;

namespace PolyClaw.Samples.Service.Load;

/// <summary>Counts what was sent and what came back. Safe for many at once.</summary>
internal sealed class Tally
{
    // Names come from whoever answers: there is an end to them.
    private const int MostNames = 32;
    private const string Others = "others";

    private readonly Lock _lock = new();
    private readonly Latencies _second = new();
    private readonly Latencies _all = new();
    private readonly SortedDictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sessions = new(StringComparer.Ordinal);
    private long _sent;
    private long _failed;
    private long _moves;

    /// <summary>Whether every request was sent and answered as it should be, and there was one.</summary>
    public bool AllWell
    {
        get
        {
            lock (_lock)
                return _sent > 0 && _failed == 0;
        }
    }

    public void Sent()
    {
        lock (_lock)
            _sent++;
    }

    /// <summary>Requests that fell due and found no place in time.</summary>
    public void NeverSent(long count)
    {
        lock (_lock)
        {
            _failed += count;
            Count(_failures, "never sent: as many as may be were in flight", count);
        }
    }

    /// <summary>An answer, and what it took beyond what was asked for. Only the latency of the good ones counts.</summary>
    public void Answered(Answer answer, TimeSpan latency, string? session)
    {
        lock (_lock)
        {
            if (answer.Failure is { } why)
            {
                _failed++;
                Count(_failures, why, 1);
                return;
            }

            _second.Add(latency);
            _all.Add(latency);
            if (answer.Version is not { } version)
                return;
            Count(_versions, version, 1);
            if (session is null)
                return;
            if (_sessions.TryGetValue(session, out var before) && before != version)
                _moves++;
            _sessions[session] = version;
        }
    }

    /// <summary>How it stands: counts since the beginning, latencies since the last time this was asked.</summary>
    public string Now(int seconds)
    {
        lock (_lock)
        {
            var versions = string.Concat(_versions.Select(version => Text($"  {version.Key} {version.Value}")));
            var line = Text($"{seconds} s  sent {_sent}  failed {_failed}  p50 {Ms(_second.Quantile(0.5))}  p99 {Ms(_second.Quantile(0.99))}{versions}");
            _second.Clear();
            return line;
        }
    }

    /// <summary>How it ended, over all.</summary>
    public string Summary()
    {
        lock (_lock)
        {
            var versions = _versions.Count == 0 ? "none told" : string.Join(", ", _versions.Select(version => Text($"{version.Key} {version.Value}")));
            var sessions = _sessions.Count == 0 ? "" : Text($", {_sessions.Count} sessions changed their version {_moves} times");
            return Text($"sent {_sent}, failed {_failed}, p50 {Ms(_all.Quantile(0.5))}, p95 {Ms(_all.Quantile(0.95))}, p99 {Ms(_all.Quantile(0.99))}, max {Ms(_all.Longest)}, by version {versions}{sessions}");
        }
    }

    /// <summary>Why requests failed: a line for each reason.</summary>
    public IReadOnlyList<string> Failures()
    {
        lock (_lock)
            return [.. _failures.Select(failure => Text($"failed {failure.Value}: {failure.Key}"))];
    }

    private static void Count(SortedDictionary<string, long> names, string name, long count)
    {
        if (names.Count >= MostNames && !names.ContainsKey(name))
            name = Others;
        names[name] = names.GetValueOrDefault(name) + count;
    }

    // No latency is nothing: what is below a millisecond counts as one.
    private static string Ms(TimeSpan latency) => Text($"{(latency > TimeSpan.Zero ? Math.Max(1, latency.TotalMilliseconds) : 0):0} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
