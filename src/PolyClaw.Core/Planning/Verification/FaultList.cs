using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>Collects faults up to a bound, so that a hostile plan cannot make a huge answer.</summary>
internal sealed class FaultList
{
    private readonly List<Fault> _faults = [];
    private int _left;

    public bool Any => _faults.Count > 0;

    public void Add(Fault fault)
    {
        if (_faults.Count < PlanLimits.Faults)
            _faults.Add(fault);
        else
            _left++;
    }

    public void Add(string code, string message, string path, string? fix = null) => Add(new Fault(code, message, path, fix));

    public void AddRange(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
            Add(fault);
    }

    public IReadOnlyList<Fault> ToList() =>
        _left == 0 ? _faults : [.. _faults, new Fault(PlanFault.TooLarge, $"and {_left} more faults", null, "put these right first")];
}
