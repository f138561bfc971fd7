namespace PolyClaw.ToolServer.Scripting;

/// <summary>The bounds of a call that no definition changes.</summary>
internal static class ScriptLimits
{
    /// <summary>Depth to which functions may call each other.</summary>
    public const int Recursion = 64;

    /// <summary>Elements of one array.</summary>
    public const uint ArraySize = 1_000_000;

    /// <summary>Levels of the JSON that is parsed.</summary>
    public const int JsonDepth = 64;

    /// <summary>
    /// Levels of the output: with the message around it, it stays within the 32 that careful clients read.
    /// </summary>
    public const int OutputDepth = 28;

    /// <summary>Time for one match of a regular expression.</summary>
    public static readonly TimeSpan Regex = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Stack of the thread that runs the code. The interpreter needs about 3 KiB for a call, so the recursion limit
    /// is met long before this is used up; only native recursion (a deep JSON.stringify) reaches the guard page.
    /// </summary>
    public const int StackBytes = 16 * 1024 * 1024;

    /// <summary>Attachments a call may return.</summary>
    public const int Attachments = 16;

    /// <summary>Bytes of UTF-8 of one attachment.</summary>
    public const int AttachmentBytes = 1024 * 1024;

    /// <summary>Bytes of UTF-8 of all attachments of a call.</summary>
    public const int AllAttachmentBytes = 4 * 1024 * 1024;

    /// <summary>Bytes of UTF-8 of all that a call logs; what comes after is counted and left out.</summary>
    public const int LogBytes = 64 * 1024;

    /// <summary>Lines that a call may log; what comes after is counted and left out.</summary>
    public const int LogLines = 1_000;

    /// <summary>Characters of a failure's text.</summary>
    public const int ReasonLength = 4 * 1024;
}
