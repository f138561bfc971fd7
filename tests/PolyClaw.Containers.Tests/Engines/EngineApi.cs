using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PolyClaw.Containers.Tests.Engines;

/// <summary>The engine seen with other eyes than the runtime's: bare HTTP over its socket, so that a fault of the client library shows.</summary>
internal sealed class EngineApi(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new("http://engine/"), Timeout = TimeSpan.FromSeconds(30) };

    public Task<string> PingAsync() => _http.GetStringAsync("_ping");

    public async Task<JsonElement?> InspectAsync(string name)
    {
        using var answer = await _http.GetAsync($"containers/{name}/json");
        return answer.IsSuccessStatusCode ? JsonElement.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }

    public async Task<IReadOnlyList<string>> NamesAsync(string instance)
    {
        var filters = Uri.EscapeDataString($$"""{"label":["polyclaw.instance={{instance}}"]}""");
        var list = JsonElement.Parse(await _http.GetStringAsync("containers/json?all=true&filters=" + filters));
        return [.. list.EnumerateArray().Select(container => container.GetProperty("Names")[0].GetString()!.TrimStart('/'))];
    }

    public async Task<string> CreateAsync(string name, string body)
    {
        using var answer = await _http.PostAsync("containers/create?name=" + name, new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("Id").GetString()!;
    }

    public async Task PostAsync(string path, string body)
    {
        using var answer = await _http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<bool> ExistsAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return answer.IsSuccessStatusCode;
    }

    public async Task RemoveAsync(string path)
    {
        using var answer = await _http.DeleteAsync(path);
    }

    public async Task ImportAsync(string repository, string tag, Stream archive, params IReadOnlyList<string> changes)
    {
        var all = string.Concat(changes.Prepend("LABEL polyclaw.test=1").Select(change => "&changes=" + Uri.EscapeDataString(change)));
        using var answer = await _http.PostAsync($"images/create?fromSrc=-&repo={repository}&tag={tag}" + all, new StreamContent(archive));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && !text.Contains("errorDetail", StringComparison.Ordinal), text);
    }

    public void Dispose() => _http.Dispose();
}
