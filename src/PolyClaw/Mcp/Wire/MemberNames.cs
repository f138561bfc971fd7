using System.Buffers;

namespace PolyClaw.Mcp.Wire;

/// <summary>
/// The member names of every object in one message, to find a second of the same name in constant time, however many there are.
/// Hashes are seeded per process, and names are compared in full, so nobody can choose names that collide.
/// </summary>
internal ref struct MemberNames
{
    /// <summary>How many members a message may hold, over all its objects. 65,536.</summary>
    public const int MaxMembers = 65_536;

    private readonly ReadOnlySpan<byte> _message;
    private Entry[]? _entries;
    private int[]? _buckets;
    private byte[]? _rewritten;
    private int _rewrittenLength;
    private int _count;

    public MemberNames(ReadOnlySpan<byte> message) => _message = message;

    public readonly bool IsFull => _count == MaxMembers;

    /// <summary>Notes a name as it stands in the message.</summary>
    /// <returns>False when the object has a member of that name already.</returns>
    public bool Add(int owner, int start, int length) => Add(owner, start, length, _message.Slice(start, length));

    /// <summary>Notes a name that differs from what stands in the message: unescaped, or with its case folded.</summary>
    /// <returns>False when the object has a member of that name already.</returns>
    public bool AddRewritten(int owner, scoped ReadOnlySpan<byte> name)
    {
        if (_rewritten is null || _rewritten.Length - _rewrittenLength < name.Length)
            GrowRewritten(name.Length);
        name.CopyTo(_rewritten.AsSpan(_rewrittenLength));
        if (!Add(owner, ~_rewrittenLength, name.Length, name))
            return false;
        _rewrittenLength += name.Length;
        return true;
    }

    public readonly void Dispose()
    {
        if (_entries is not null)
            ArrayPool<Entry>.Shared.Return(_entries);
        if (_buckets is not null)
            ArrayPool<int>.Shared.Return(_buckets);
        if (_rewritten is not null)
            ArrayPool<byte>.Shared.Return(_rewritten);
    }

    private bool Add(int owner, int start, int length, scoped ReadOnlySpan<byte> name)
    {
        if (_entries is null || _count == _entries.Length)
            Grow();

        var hash = Hash(owner, name);
        ref var bucket = ref _buckets![hash & (_buckets.Length - 1)];
        for (var i = bucket; i > 0; i = _entries![i - 1].Next)
        {
            ref readonly var entry = ref _entries![i - 1];
            if (entry.Hash == hash && entry.Owner == owner && NameOf(entry).SequenceEqual(name))
                return false;
        }

        _entries![_count] = new Entry(hash, owner, start, length, bucket);
        bucket = ++_count;
        return true;
    }

    private readonly ReadOnlySpan<byte> NameOf(in Entry entry) => entry.Start >= 0
        ? _message.Slice(entry.Start, entry.Length)
        : _rewritten.AsSpan(~entry.Start, entry.Length);

    private static int Hash(int owner, scoped ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.Add(owner);
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    private void Grow()
    {
        var entries = ArrayPool<Entry>.Shared.Rent(_entries is null ? 64 : _entries.Length * 2);
        // A pool hands out powers of two; the buckets' mask leans on it.
        var buckets = ArrayPool<int>.Shared.Rent(entries.Length);
        buckets.AsSpan().Clear();
        for (var i = 0; i < _count; i++)
        {
            ref var bucket = ref buckets[_entries![i].Hash & (buckets.Length - 1)];
            entries[i] = _entries[i] with { Next = bucket };
            bucket = i + 1;
        }

        if (_entries is not null)
            ArrayPool<Entry>.Shared.Return(_entries);
        if (_buckets is not null)
            ArrayPool<int>.Shared.Return(_buckets);
        (_entries, _buckets) = (entries, buckets);
    }

    private void GrowRewritten(int needed)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(256, (_rewrittenLength + needed) * 2));
        _rewritten.AsSpan(0, _rewrittenLength).CopyTo(grown);
        if (_rewritten is not null)
            ArrayPool<byte>.Shared.Return(_rewritten);
        _rewritten = grown;
    }

    private readonly record struct Entry(int Hash, int Owner, int Start, int Length, int Next);
}
