using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Images;

namespace PolyClaw.Containers.Runtimes;

/// <summary>Looks for the Docker engine of a place.</summary>
internal sealed class DockerRuntimeSource(
    EnginePlace place, string? instance, IToolServerBinary binary, WatchdogLaunch? watchdog, TimeProvider clock, ILogger logger) : IRuntimeSource
{
    /// <summary>What is told of an engine that has no ToolServer to run.</summary>
    public static string ImagesOnly(Core.Goals.Fault noToolServer) => $"Docker runs images only, since {noToolServer.Message}";

    /// <inheritdoc/>
    public async Task<RuntimeFinding> FindAsync(CancellationToken cancellationToken)
    {
        var (endpoint, fault) = place.Resolve();
        if (endpoint is null)
            return new RuntimeFinding(null, $"Docker is not used: {fault}");
        switch (await DockerRuntime.ConnectAsync(endpoint, instance!, binary, new DockerDeadlines(), clock, logger, watchdog, cancellationToken))
        {
            case DockerProbe.Ready ready:
                return binary.Look() switch
                {
                    ToolServerBinary.Missing missing => new RuntimeFinding(ready.Runtime, ImagesOnly(missing.Error), missing.Error),
                    ToolServerBinary.Unmade => new RuntimeFinding(ready.Runtime, "ToolServer is published at its first use", Unmade: binary),
                    _ => new RuntimeFinding(ready.Runtime),
                };
            case DockerProbe.Unusable unusable:
                return new RuntimeFinding(null, $"Docker is not used: {unusable.Error}", Again: this);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
