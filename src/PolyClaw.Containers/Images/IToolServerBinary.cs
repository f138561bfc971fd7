using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Images;

/// <summary>Where the ToolServer program for containers comes from: beside the app when published, made once and cached for a developer.</summary>
internal interface IToolServerBinary
{
    /// <summary>What is known of it now. Quick: makes nothing.</summary>
    ToolServerBinary Look();

    /// <summary>A static ToolServer for the engine's machine, made if it must be, or why there is none; never <see cref="ToolServerBinary.Unmade"/>.</summary>
    /// <param name="progress">Told what takes long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ToolServerBinary> GetAsync(IProgress<string> progress, CancellationToken cancellationToken);
}

/// <summary>A ToolServer program, or why there is none.</summary>
internal abstract record ToolServerBinary
{
    private ToolServerBinary() { }

    /// <summary>It is there.</summary>
    /// <param name="Path">Its absolute path.</param>
    public sealed record Found(string Path) : ToolServerBinary;

    /// <summary>It is not there yet and can be made.</summary>
    public sealed record Unmade : ToolServerBinary;

    /// <summary>It is not there and cannot be made.</summary>
    /// <param name="Error">Why, and what would help.</param>
    public sealed record Missing(Fault Error) : ToolServerBinary;
}
