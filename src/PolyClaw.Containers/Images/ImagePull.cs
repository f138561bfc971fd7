using Docker.DotNet;
using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Images;

/// <summary>Fetches an image that is not on the machine. Anonymous: credentials of the user are not read.</summary>
internal sealed partial class ImagePull(DockerEngine engine, TimeProvider clock, ILogger log)
{
    /// <summary>Pulls an image; ends when it is there.</summary>
    /// <param name="image">Which.</param>
    /// <param name="cancellationToken">Gives up; what was fetched stays with the engine.</param>
    /// <exception cref="RuntimeFaultException">Why it cannot be had.</exception>
    public async Task PullAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var stall = engine.Deadlines.PullStall;
        using var stalled = new CancellationTokenSource(stall, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        var progress = new ImageProgress(() => stalled.CancelAfter(stall));
        LogPull(image.Value, image.Registry);
        try
        {
            await engine.CreateImageAsync(new() { FromImage = image.Repository, Tag = image.Version }, null, progress, engine.Deadlines.Pull, both.Token);
        }
        catch (OperationCanceledException) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RuntimeFaultException(Explain(image, $"nothing came from the registry for {stall.TotalSeconds:0} s (i/o timeout)"), transient: true);
        }
        catch (DockerApiException refusal)
        {
            throw Failed(image, DockerFaults.Message(refusal), refusal);
        }
        if (progress.Error is { } error)
            throw Failed(image, error, null);
        LogPulled(image.Value, progress.Status);
    }

    /// <summary>What a registry's or the engine's words mean for whoever asked for the image.</summary>
    /// <param name="image">Which.</param>
    /// <param name="said">The words.</param>
    public static Fault Explain(ImageReference image, string said)
    {
        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (said.Contains(word, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
            return false;
        }
        var about = $"image {image.Value} is not on this machine and could not be pulled from {image.Registry}: {said}";
        if (Says("no space left"))
            return new("storage_full", about, "/source/image", "free space where the engine keeps its data");
        if (Says("toomanyrequests", "rate limit"))
            return new("registry_busy", about, "/source/image", "wait, or docker login and pull the image by hand");
        if (Says("no matching manifest", "does not match the specified platform"))
            return new("image_platform", about, "/source/image", "an image built for this machine's processor");
        if (Says("no such host", "connection refused", "i/o timeout", "timeout", "network is unreachable", "no route to host", "server misbehaving", "tls:", "x509", "EOF", "connection reset", "proxyconnect", "Temporary failure"))
            return new("registry_unreachable", about, "/source/image", "docker pull or docker load it by hand, or name an image that is on this machine");
        return Says("unauthorized", "authentication required", "no basic auth")
            ? new("registry_denied", about, "/source/image", "docker login and pull the image by hand")
            : new("image_missing", about, "/source/image", "check the name and tag, or docker pull it by hand");
    }

    private static RuntimeFaultException Failed(ImageReference image, string said, Exception? cause)
    {
        var fault = Explain(image, said);
        return new(fault, transient: fault.Code is "registry_unreachable" or "registry_busy", cause);
    }

    [LoggerMessage(LogLevel.Information, "Pulling image {Image} from {Registry}")]
    private partial void LogPull(string image, string registry);

    [LoggerMessage(LogLevel.Information, "Pulled image {Image}: {Status}")]
    private partial void LogPulled(string image, string status);
}
