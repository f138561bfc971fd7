using PolyClaw.Bench.Figures;

namespace PolyClaw.Bench.Rows;

/// <summary>Figures that are measured together.</summary>
internal interface IRow
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures; what was given before a failure stands in the table.</summary>
    /// <exception cref="NotHereException">Something it needs is not on this machine.</exception>
    IAsyncEnumerable<Figure> MeasureAsync(CancellationToken cancellationToken);
}
