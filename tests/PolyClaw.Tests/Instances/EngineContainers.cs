using System.Net.Sockets;
using System.Text.Json;

namespace PolyClaw.Tests.Instances;

/// <summary>The containers of one instance as the engine itself lists them.</summary>
internal sealed class EngineContainers(string address, string instance) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(address["unix://".Length..]), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new("http://engine/"), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The lease of each, running or not.</summary>
    public async Task<IReadOnlyList<(string Id, string Lease, string State)>> ListAsync() => [.. (await AskAsync()).Select(c => (
        c.GetProperty("Id").GetString()!, c.GetProperty("Labels").GetProperty("polyclaw.lease").GetString()!, c.GetProperty("State").GetString()!))];

    /// <summary>Ids of all, those of services too, which bear no lease.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync() => [.. (await AskAsync()).Select(c => c.GetProperty("Id").GetString()!)];

    public async Task RemoveAllAsync()
    {
        foreach (var id in await IdsAsync())
            using (await _http.DeleteAsync($"containers/{id}?force=true"))
            {
                // Gone, or gone before.
            }
    }

    public void Dispose() => _http.Dispose();

    private async Task<IEnumerable<JsonElement>> AskAsync()
    {
        var filters = Uri.EscapeDataString($$"""{"label":["polyclaw.instance={{instance}}"]}""");
        return JsonElement.Parse(await _http.GetStringAsync("containers/json?all=true&filters=" + filters)).EnumerateArray();
    }
}
