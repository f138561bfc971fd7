using System.Text;
using System.Text.Json;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Services.Control;

/// <summary>What a host server's tools tell of the services on it.</summary>
internal sealed class HostFacts(Func<ServiceControl> services) : IHostFacts
{
    private const int MostBytes = 256 * 1024;

    public string StatusJson(string tenant, string host)
    {
        var placed = Placed(tenant, host, null).Select(s => new PlacedService(s.Name, s.State is "serving" or "rolling", s.State, s.Stable, s.Replicas.Count, s.Address)).ToList();
        while (true)
        {
            var text = JsonSerializer.Serialize(new PlacedServices(placed), HostFactsJson.Default.PlacedServices);
            if (text.Length <= MostBytes || placed.Count == 0)
                return text;
            placed.RemoveRange(placed.Count / 2, placed.Count - (placed.Count / 2));
        }
    }

    public async Task<string> LogsAsync(string tenant, string host, string? service, int lines, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var view in Placed(tenant, host, service))
            foreach (var (replica, log) in await services().LogsAsync(tenant, view.Name, lines, cancellationToken))
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"== {replica}\n{log}\n");
        return text.Length == 0 ? service is null ? $"there are no services on {host}\n" : $"there is no service {service} on {host}\n" : text.ToString();
    }

    private IEnumerable<ServiceView> Placed(string tenant, string host, string? service) => services().Records(tenant)
        .Where(r => r.Versions.Any(v => v.Grant.Spec.On == host && v.Replicas > 0) && (service is null || r.Name == service))
        .Select(r => services().Find(tenant, r.Name)).OfType<ServiceView>();
}

/// <summary>The services on a host.</summary>
internal sealed record PlacedServices(IReadOnlyList<PlacedService> Services);

/// <summary>A service on a host.</summary>
internal sealed record PlacedService(string Name, bool Healthy, string State, int Version, int Replicas, string? Address);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.SnakeCaseLower)]
[System.Text.Json.Serialization.JsonSerializable(typeof(PlacedServices))]
internal sealed partial class HostFactsJson : System.Text.Json.Serialization.JsonSerializerContext;
