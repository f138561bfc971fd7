using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolyClaw.Bench.Peers;

// Containers that are made as another one was, by hand.
internal sealed partial class EngineApi
{
    /// <summary>Whether the engine has an image.</summary>
    public async Task<bool> HasImageAsync(string image, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri($"images/{image}/json", UriKind.Relative), cancellationToken);
        return answer.StatusCode is HttpStatusCode.OK;
    }

    /// <summary>Ids of the running containers that bear a label.</summary>
    public async Task<IReadOnlyList<string>> RunningAsync(string label, CancellationToken cancellationToken)
    {
        var filters = Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray(label) }.ToJsonString());
        using var answer = await _http.GetAsync(new Uri($"containers/json?filters={filters}", UriKind.Relative), cancellationToken);
        return [.. JsonElement.Parse(await TextAsync(answer, cancellationToken)).EnumerateArray().Select(container => container.GetProperty("Id").GetString()!)];
    }

    /// <summary>What a container was made from: the body that makes another one like it, which is not PolyClaw's.</summary>
    public async Task<JsonObject> TemplateAsync(string container, CancellationToken cancellationToken)
    {
        var seen = await InspectAsync(container, cancellationToken);
        var template = JsonNode.Parse(seen.GetProperty("Config").GetRawText())!.AsObject();
        template.Remove("Hostname");
        template["Labels"] = new JsonObject { [Label] = "1" };
        template["HostConfig"] = JsonNode.Parse(seen.GetProperty("HostConfig").GetRawText());
        return template;
    }

    /// <summary>Makes and starts a container.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> RunAsync(JsonObject template, CancellationToken cancellationToken)
    {
        using var content = new StringContent(template.ToJsonString(), Encoding.UTF8, "application/json");
        using var created = await _http.PostAsync(new Uri("containers/create", UriKind.Relative), content, cancellationToken);
        var id = JsonElement.Parse(await TextAsync(created, cancellationToken)).GetProperty("Id").GetString()!;
        using var started = await _http.PostAsync(new Uri($"containers/{id}/start", UriKind.Relative), null, cancellationToken);
        _ = await TextAsync(started, cancellationToken);
        return id;
    }

    /// <summary>Where a container's port is published.</summary>
    public async Task<Uri> AddressAsync(string container, int port, CancellationToken cancellationToken)
    {
        var binding = (await InspectAsync(container, cancellationToken)).GetProperty("NetworkSettings").GetProperty("Ports").GetProperty($"{port}/tcp")[0];
        return new Uri($"http://{binding.GetProperty("HostIp").GetString()}:{binding.GetProperty("HostPort").GetString()}/");
    }

    private async Task<JsonElement> InspectAsync(string container, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri($"containers/{container}/json", UriKind.Relative), cancellationToken);
        return JsonElement.Parse(await TextAsync(answer, cancellationToken));
    }
}
