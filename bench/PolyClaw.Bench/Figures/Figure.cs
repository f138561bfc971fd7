namespace PolyClaw.Bench.Figures;

/// <summary>One line of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Unit of all its numbers.</param>
/// <param name="Measured">PolyClaw.</param>
/// <param name="Floor">What it is held against, measured in the same run.</param>
/// <param name="Goal">What has to be reached.</param>
/// <param name="Share">Which value of the samples counts; the median by default.</param>
internal sealed record Figure(string Name, string Unit, Samples Measured, Samples? Floor, Goal Goal, double Share = 0.5)
{
    public double Value => Measured.At(Share);

    public double? FloorValue => Floor?.At(Share);

    public bool? Met => Goal.Met(Value, FloorValue ?? 0);
}
