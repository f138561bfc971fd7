using System.Net;
using Docker.DotNet;

namespace PolyClaw.Containers.Runtimes;

// What containers lie in and on: networks and volumes.
internal sealed partial class DockerEngine
{
    /// <summary>Makes a network, unless one of that name is there.</summary>
    public async Task EnsureNetworkAsync(string name, IDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var there = await CallAsync(
            "list networks", Deadlines.Call, token => _client.Networks.ListNetworksAsync(new() { Filters = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { [name] = true } } }, token), cancellationToken);
        if (there.Any(network => network.Name == name))
            return;
        try
        {
            await CallAsync(
                "make a network", Deadlines.Call, token => _client.Networks.CreateNetworkAsync(new() { Name = name, Driver = "bridge", Labels = labels }, token), cancellationToken, passOn: [HttpStatusCode.Conflict]);
        }
        catch (DockerApiException taken) when (taken.StatusCode is HttpStatusCode.Conflict)
        {
            // Somebody made it between the look and the deed, with this name: the same one.
        }
    }

    /// <summary>Removes a network. One that is gone already is no fault.</summary>
    /// <exception cref="RuntimeFaultException">Something is in it, or the engine does not answer.</exception>
    public Task RemoveNetworkAsync(string name, CancellationToken cancellationToken) =>
        GoneAsync("remove a network", token => _client.Networks.DeleteNetworkAsync(name, token), cancellationToken);

    /// <summary>Removes the networks and volumes that bear a label.</summary>
    /// <returns>Names of what was removed.</returns>
    public async Task<IReadOnlyList<string>> RemoveNetworksAndVolumesAsync(string label, IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        foreach (var network in await CallAsync("list networks", Deadlines.Call, token => _client.Networks.ListNetworksAsync(new() { Filters = Labelled(label) }, token), cancellationToken))
        {
            if (!keep.Contains(network.Name) && !IsServices(network.Labels) && await GoneAsync("remove a network", token => _client.Networks.DeleteNetworkAsync(network.ID, token), cancellationToken))
                removed.Add(network.Name);
        }
        var volumes = await CallAsync("list volumes", Deadlines.Call, token => _client.Volumes.ListAsync(new() { Filters = Labelled(label) }, token), cancellationToken);
        foreach (var volume in volumes.Volumes ?? [])
        {
            if (!keep.Contains(volume.Name) && !IsServices(volume.Labels) && await GoneAsync("remove a volume", token => _client.Volumes.RemoveAsync(volume.Name, true, token), cancellationToken))
                removed.Add(volume.Name);
        }
        return removed;
    }

    /// <summary>Removes a volume. One that is gone already is no fault.</summary>
    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        GoneAsync("remove a volume", token => _client.Volumes.RemoveAsync(name, true, token), cancellationToken);

    private async Task<bool> GoneAsync(string what, Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync<object?>(
                what,
                Deadlines.Call,
                async token =>
                {
                    await call(token);
                    return null;
                },
                cancellationToken,
                passOn: [HttpStatusCode.NotFound]);
            return true;
        }
        catch (DockerApiException refusal) when (refusal.StatusCode is HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    // What services run in belongs to the home, not to a process.
    private static bool IsServices(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(DockerLabels.Kind, out var kind) && kind is DockerLabels.NetworkKind or DockerLabels.ServiceKind or DockerLabels.VolumeKind;
}
