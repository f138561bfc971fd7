namespace PolyClaw.ToolServer;

/// <summary>What this program's exit codes mean.</summary>
internal static class ExitCodes
{
    /// <summary>Input ended, and all was served.</summary>
    public const int Done = 0;

    /// <summary>Input broke a limit in mid-session.</summary>
    public const int Failed = 1;

    /// <summary>Wrong arguments or a bad definition.</summary>
    public const int Usage = 2;
}
