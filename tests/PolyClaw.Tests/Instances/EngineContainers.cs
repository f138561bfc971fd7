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
    public async Task<IReadOnlyList<(string Id, string Lease, string State)>> ListAsync()
    {
        var filters = Uri.EscapeDataString($$"""{"label":["polyclaw.instance={{instance}}"]}""");
        var list = JsonElement.Parse(await _http.GetStringAsync("containers/json?all=true&filters=" + filters));
        return [.. list.EnumerateArray().Select(c => (
            c.GetProperty("Id").GetString()!, c.GetProperty("Labels").GetProperty("polyclaw.lease").GetString()!, c.GetProperty("State").GetString()!))];
    }

    public async Task RemoveAllAsync()
    {
        foreach (var (id, _, _) in await ListAsync())
            using (await _http.DeleteAsync($"containers/{id}?force=true"))
            {
                // Gone, or gone before.
            }
    }

    public void Dispose() => _http.Dispose();
}
