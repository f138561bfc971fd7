using System.Globalization;
using System.Text;
using Docker.DotNet.Models;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Workloads;

// What a container says of its replica.
internal sealed partial class DockerWorkloads
{
    private const int MostLogBytes = 256 * 1024;

    /// <summary>Whether there is such a replica here, running or not.</summary>
    /// <exception cref="RuntimeFaultException">The engine does not answer.</exception>
    public async Task<bool> HasAsync(ReplicaId id, CancellationToken cancellationToken) =>
        await _engine.InspectAsync(DockerLabels.NameOf(_instance, id), cancellationToken) is { } found && DockerLabels.ReplicaOf(found.Config?.Labels) == id;

    /// <summary>As <see cref="IWorkloads.LogsAsync"/>, here.</summary>
    /// <exception cref="RuntimeFaultException">There is none, or the engine does not answer.</exception>
    public async Task<string> LogsAsync(ReplicaId id, int lines, CancellationToken cancellationToken)
    {
        using var log = await _engine.LogsAsync(DockerLabels.NameOf(_instance, id), Math.Clamp(lines, 1, 10_000), cancellationToken);
        var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (kept.Length < MostLogBytes && await log.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken) is { EOF: false } read)
            kept.Write(buffer, 0, (int)Math.Min(read.Count, MostLogBytes - kept.Length));
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private Uri? AddressOf(IDictionary<string, IList<PortBinding>>? ports, int port) =>
        ports is not null && ports.TryGetValue(port.ToString(CultureInfo.InvariantCulture) + "/tcp", out var bindings)
        && bindings?.FirstOrDefault(binding => binding.HostIP == _engine.Endpoint.PublishedOn)?.HostPort is { Length: > 0 } published
            ? new UriBuilder(Uri.UriSchemeHttp, _engine.Endpoint.PublishedOn, int.Parse(published, NumberStyles.None, CultureInfo.InvariantCulture)).Uri
            : null;

    private static Fault? EndOf(ContainerInspectResponse seen) => seen.State switch
    {
        { Running: true } => null,
        { OOMKilled: true } => new Fault("ended", "its memory limit killed it", "/resources/memory", "more memory"),
        var state => new Fault("ended", $"it ended with exit code {state?.ExitCode}", null, "its log says more"),
    };
}
