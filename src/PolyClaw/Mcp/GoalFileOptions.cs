namespace PolyClaw.Mcp;

/// <summary>Which files clients may name.</summary>
internal sealed class GoalFileOptions
{
    /// <summary>Folders whose files a client's goal may name. Default none.</summary>
    public IList<string> Roots { get; } = [];
}
