namespace PolyClaw.Http;

/// <summary>So many at a time; nobody waits.</summary>
internal sealed class CallSlots(int slots)
{
    private int _taken;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _taken) <= slots)
            return true;
        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _taken);
}
