using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace PolyClaw.Containers.Runtimes;

// What containers use.
internal sealed partial class DockerEngine
{
    /// <summary>Processor time that a container has used so far.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Nothing when it does not run.</returns>
    public async Task<TimeSpan?> ProcessorTimeAsync(string id, CancellationToken cancellationToken)
    {
        var told = new Told();
        try
        {
            await CallAsync<object?>(
                "tell a container's figures",
                Deadlines.Call,
                async token =>
                {
                    await _client.Containers.GetContainerStatsAsync(id, new() { Stream = false, OneShot = true }, told, token);
                    return null;
                },
                cancellationToken,
                passOn: [HttpStatusCode.NotFound]);
        }
        catch (DockerApiException refusal) when (refusal.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        // In nanoseconds; a container that does not run has used none.
        return told.Last?.CPUStats?.CPUUsage?.TotalUsage is > 0 and var used ? TimeSpan.FromTicks((long)(used / 100)) : null;
    }

    private sealed class Told : IProgress<ContainerStatsResponse>
    {
        public ContainerStatsResponse? Last { get; private set; }

        public void Report(ContainerStatsResponse value) => Last = value;
    }
}
