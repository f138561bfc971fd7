using Docker.DotNet.Models;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Images;

/// <summary>What the engine says while it makes an image. Runs on the reader's thread, so the last word is known when the call ends.</summary>
/// <param name="moved">Called at each word.</param>
internal sealed class ImageProgress(Action moved) : IProgress<JSONMessage>
{
    /// <summary>What went wrong half way: the engine answered 200 before it knew.</summary>
    public string? Error { get; private set; }

    /// <summary>The last status; of an import, the image's id.</summary>
    public string Status { get; private set; } = "";

    /// <inheritdoc/>
    public void Report(JSONMessage value)
    {
        moved();
        if (value.Error?.Message is { Length: > 0 } error)
            Error ??= DockerFaults.OneLine(error);
        if (value.Status is { Length: > 0 } status)
            Status = DockerFaults.OneLine(status);
    }
}
