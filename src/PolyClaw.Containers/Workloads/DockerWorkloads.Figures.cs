using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Workloads;

// Processor time, measured at the looks and only for those whom somebody asks about.
internal sealed partial class DockerWorkloads
{
    private static readonly TimeSpan Wanted = TimeSpan.FromSeconds(30);

    /// <summary>Processor time that a replica uses, in percent of its limit; nothing before it was measured twice. To ask is what has it measured.</summary>
    public double? CpuPercentOf(ReplicaId id)
    {
        if (!_replicas.TryGetValue(id, out var watched))
            return null;
        watched.Use.Asked = _clock.GetTimestamp();
        return watched.Use.Percent;
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        foreach (var watched in _replicas.Values.Where(w => w.Use.Asked is { } asked && _clock.GetElapsedTime(asked) < Wanted).ToList())
        {
            var used = await _engine.ProcessorTimeAsync(watched.Container, cancellationToken);
            watched.Use.Take(used, _clock.GetTimestamp(), _clock);
        }
    }

    /// <summary>What a replica uses of its processor time.</summary>
    private sealed class ProcessorUse
    {
        private TimeSpan? _used;
        private long _at;

        /// <summary>When somebody last wanted to know.</summary>
        public long? Asked { get; set; }

        /// <summary>Its limit, 10^9 for one core.</summary>
        public long NanoCpus { get; set; }

        public double? Percent { get; private set; }

        public void Take(TimeSpan? used, long at, TimeProvider clock)
        {
            var elapsed = clock.GetElapsedTime(_at, at);
            // After a new start it counts from zero again.
            Percent = used is { } now && _used is { } before && now >= before && elapsed > TimeSpan.Zero && NanoCpus > 0
                ? 100 * (now - before) / elapsed / (NanoCpus / 1e9)
                : null;
            (_used, _at) = (used, at);
        }
    }
}
