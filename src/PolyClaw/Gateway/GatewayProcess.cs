using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;
using PolyClaw.Instances;

namespace PolyClaw.Gateway;

/// <summary>
/// <c>polyclaw gateway</c>: the gateway as a process of its own. It begins with the routes that lie in the home, takes others over its socket there, and
/// serves whether or not an instance is up. It never opens the journal.
/// </summary>
internal static class GatewayProcess
{
    private const int MostBytes = 16 << 20;
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(5);

    /// <summary>Serves until it is asked to end.</summary>
    /// <param name="home">The home.</param>
    /// <param name="options">Where it listens.</param>
    /// <param name="logs">Its log.</param>
    /// <param name="tell">Takes the line that says where it listens.</param>
    /// <param name="cancellationToken">Ends it: what is under way may finish.</param>
    /// <returns>Why it could not begin; nothing after its end.</returns>
    public static async Task<Fault?> RunAsync(Home home, GatewayOptions options, ILoggerFactory logs, Action<string> tell, CancellationToken cancellationToken)
    {
        if (await OuterGateway.TryConnectAsync(home.GatewaySocket, TimeProvider.System, cancellationToken) is { } other)
        {
            await other.DisposeAsync();
            return new Fault("gateway_busy", $"a gateway serves this home already, at {other.Address}", home.Folder, "end that one first");
        }

        await using var gateway = new InnerGateway(options, TimeProvider.System, logs)
        {
            Own = async context =>
            {
                if (context.Request.Path != AlertReceiver.Path)
                    return false;
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await context.Response.WriteAsync("alerts are taken where the gateway runs inside the instance\n", context.RequestAborted);
                return true;
            },
        };
        var wanted = new ConcurrentDictionary<ServiceName, long>();
        gateway.Wanted += (tenant, service) => wanted[new ServiceName(tenant, service)] = TimeProvider.System.GetTimestamp();
        gateway.Publish(await KnownAsync(home.Routes, tell, cancellationToken));
        if (await gateway.OpenAsync(cancellationToken) is { } fault)
            return fault with { Fix = "end the instance that has the gateway inside ('polyclaw stop'), or choose another port" };
        await using var control = await ListenAsync(home, gateway, wanted, cancellationToken);
        tell($"the gateway listens at {gateway.Address}; services answer under their names, figures are at {gateway.Address}-/metrics");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await control.StopAsync(CancellationToken.None);
        File.Delete(home.GatewaySocket);
        return null;
    }

    private static async Task<IReadOnlyList<ServiceRoutes>> KnownAsync(string path, Action<string> tell, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), GatewayJson.Default.RouteSnapshot)?.Routes ?? [];
        }
        catch (JsonException torn)
        {
            tell($"the routes in {path} cannot be read ({torn.Message}); it begins without any, and the instance gives it its own");
            return [];
        }
    }

    private static async Task<WebApplication> ListenAsync(Home home, InnerGateway gateway, ConcurrentDictionary<ServiceName, long> wanted, CancellationToken cancellationToken)
    {
        File.Delete(home.GatewaySocket);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MostBytes;
            kestrel.ListenUnixSocket(home.GatewaySocket);
        });
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, home, gateway, wanted));
        await app.StartAsync(cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(home.GatewaySocket, PrivateFile.OwnerOnly);
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, Home home, InnerGateway gateway, ConcurrentDictionary<ServiceName, long> wanted)
    {
        var (request, response) = (context.Request, context.Response);
        switch (request.Method + " " + request.Path)
        {
            case "GET /state":
                // Told for a while to whoever asks: an instance that was away for a moment hears of it all the same.
                foreach (var (name, at) in wanted.Where(w => TimeProvider.System.GetElapsedTime(w.Value) > Told).ToList())
                    wanted.TryRemove(KeyValuePair.Create(name, at));
                await WriteAsync(response, JsonSerializer.SerializeToUtf8Bytes(gateway.State([.. wanted.Keys]), GatewayJson.Default.GatewayState));
                break;
            case "GET /requests" when int.TryParse(request.Query["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                && double.TryParse(request.Query["seconds"], CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400:
                await WriteAsync(response, JsonSerializer.SerializeToUtf8Bytes(
                    gateway.Requests(request.Query["tenant"].ToString(), request.Query["service"].ToString(), version, TimeSpan.FromSeconds(seconds)), GatewayJson.Default.RequestFigures));
                break;
            case "PUT /routes" when await ReadAsync(request, context.RequestAborted) is { } bytes && JsonSerializer.Deserialize(bytes, GatewayJson.Default.RouteSnapshot) is { } snapshot:
                gateway.Publish(snapshot.Routes);
                Keep(home.Routes, bytes);
                response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "POST /forget" when await ReadAsync(request, context.RequestAborted) is { } bytes && JsonSerializer.Deserialize(bytes, GatewayJson.Default.ReplicaId) is { } replica:
                gateway.Forget(replica);
                response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    // Written whole beside its place and then moved: whoever reads it finds one set of routes or the other.
    private static void Keep(string path, byte[] bytes)
    {
        var draft = path + ".draft";
        File.WriteAllBytes(draft, bytes);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, PrivateFile.OwnerOnly);
        File.Move(draft, path, overwrite: true);
    }

    private static async Task WriteAsync(HttpResponse response, byte[] json)
    {
        response.ContentType = "application/json";
        await response.Body.WriteAsync(json);
    }
}
