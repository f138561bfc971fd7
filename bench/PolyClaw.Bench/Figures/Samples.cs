namespace PolyClaw.Bench.Figures;

/// <summary>Measurements of one thing in one unit.</summary>
internal sealed class Samples
{
    private readonly double[] _sorted;

    /// <exception cref="ArgumentException">There are none.</exception>
    public Samples(IEnumerable<double> values)
    {
        _sorted = [.. values.Order()];
        if (_sorted.Length == 0)
            throw new ArgumentException("nothing was measured", nameof(values));
    }

    public int Count => _sorted.Length;

    public double Least => _sorted[0];

    public double Most => _sorted[^1];

    /// <summary>The value that a share of all does not exceed, between neighbours in proportion.</summary>
    /// <param name="share">0–1; 0.5 is the median.</param>
    public double At(double share)
    {
        var place = share * (_sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + ((place - below) * (_sorted[above] - _sorted[below]));
    }
}
