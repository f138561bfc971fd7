namespace PolyClaw.Containers.Runtimes;

/// <summary>One at a time for each key; keys that nobody holds or waits for take no room.</summary>
internal sealed class KeyedGate
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Dispose it to let the next one in.</returns>
    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        Entry? entry;
        lock (_entries)
        {
            if (!_entries.TryGetValue(key, out entry))
                _entries.Add(key, entry = new());
            entry.Users++;
        }
        try
        {
            await entry.Turn.WaitAsync(cancellationToken);
            return new Turn(this, key, entry);
        }
        catch
        {
            Leave(key, entry);
            throw;
        }
    }

    /// <summary>Whether somebody holds or waits for a key.</summary>
    /// <param name="key">The key.</param>
    public bool IsBusy(string key)
    {
        lock (_entries)
            return _entries.ContainsKey(key);
    }

    private void Leave(string key, Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Users > 0)
                return;
            _entries.Remove(key);
        }
        entry.Turn.Dispose();
    }

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Turn(KeyedGate gate, string key, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Turn.Release();
            gate.Leave(key, entry);
        }
    }
}
