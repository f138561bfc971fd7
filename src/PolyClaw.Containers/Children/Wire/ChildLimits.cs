namespace PolyClaw.Containers.Children.Wire;

/// <summary>What a child may send. Every limit is met by a test with a child that passes it.</summary>
internal static class ChildLimits
{
    /// <summary>Bytes of one line, which is one message.</summary>
    public const int LineBytes = 4 * 1024 * 1024;

    /// <summary>Levels of nesting in a message.</summary>
    public const int Depth = 64;

    /// <summary>Lines on stdout that are no message, until the child counts as broken.</summary>
    public const int Strikes = 3;

    /// <summary>Messages nobody asked for, a second; more for <see cref="StormSeconds"/> in a row ends the child.</summary>
    public const int StormPerSecond = 1000;

    /// <summary>Seconds of storm.</summary>
    public const int StormSeconds = 5;

    /// <summary>Replies to the child's own requests that may wait to be written; what comes on top goes unanswered.</summary>
    public const int RepliesWaiting = 16;

    /// <summary>Characters of a text of the child's that stands in a fault or a progress message.</summary>
    public const int QuotedCharacters = 500;

    /// <summary>Bytes of one image, sound or file in a result, decoded.</summary>
    public const int BlobBytes = 1024 * 1024;

    /// <summary>Pages of a listing.</summary>
    public const int Pages = 50;

    /// <summary>Tools of a server.</summary>
    public const int Tools = 512;

    /// <summary>Bytes of a tool's description.</summary>
    public const int DescriptionBytes = 8 * 1024;

    /// <summary>Bytes of a schema.</summary>
    public const int SchemaBytes = 64 * 1024;

    /// <summary>Levels of a schema's subschemas.</summary>
    public const int SchemaDepth = 16;

    /// <summary>Subschemas of a schema.</summary>
    public const int Subschemas = 256;

    /// <summary>Calls to one server at a time; more wait.</summary>
    public const int CallsInFlight = 32;
}
