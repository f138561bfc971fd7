namespace PolyClaw.Core.Servers;

/// <summary>How large a tool-code source may be: one set of bounds for the plan's verifier and for the gate.</summary>
internal static class ToolCodeLimits
{
    public const int Tools = 64;
    public const int Files = 64;
    public const int CodeBytes = 100 * 1000;
    public const int DescriptionBytes = 8 * 1024;
}
