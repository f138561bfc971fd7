using System.Numerics;

namespace PolyClaw.Core.Schemas.Evaluating;

/// <summary>
/// Which properties or items of one value some subschema has looked at, by their position; <c>unevaluatedProperties</c> and
/// <c>unevaluatedItems</c> judge the others. Made only where one of the two is in force.
/// </summary>
internal sealed class Evaluated
{
    private ulong _first;
    private ulong[] _rest = [];
    private bool _all;

    internal void MarkAll() => _all = true;

    internal void Mark(int position)
    {
        if (position < 64)
        {
            _first |= 1UL << position;
            return;
        }

        var word = (position / 64) - 1;
        if (word >= _rest.Length)
            Array.Resize(ref _rest, (int)BitOperations.RoundUpToPowerOf2((uint)word + 1));
        _rest[word] |= 1UL << (position % 64);
    }

    internal bool Has(int position)
    {
        if (_all)
            return true;
        if (position < 64)
            return (_first & (1UL << position)) != 0;
        var word = (position / 64) - 1;
        return word < _rest.Length && (_rest[word] & (1UL << (position % 64))) != 0;
    }

    internal void Add(Evaluated other)
    {
        _all |= other._all;
        _first |= other._first;
        if (other._rest.Length > _rest.Length)
            Array.Resize(ref _rest, other._rest.Length);
        for (var word = 0; word < other._rest.Length; word++)
            _rest[word] |= other._rest[word];
    }
}
