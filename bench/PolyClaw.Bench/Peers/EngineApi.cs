using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolyClaw.Bench.Peers;

/// <summary>The container engine's API with nothing in between: the bare steps that PolyClaw's are held against.</summary>
internal sealed partial class EngineApi : IDisposable
{
    private const string Version = "v1.41";
    private const string Label = "polyclaw.bench";

    private static readonly UnixDomainSocketEndPoint Endpoint = new(SocketPath());

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync(token), ownsSocket: true) })
    {
        BaseAddress = new Uri($"http://docker/{Version}/"),
    };

    /// <summary>An engine that answers, or nothing.</summary>
    public static async Task<EngineApi?> OpenAsync(CancellationToken cancellationToken)
    {
        var engine = new EngineApi();
        try
        {
            using var answer = await engine._http.GetAsync(new Uri("_ping", UriKind.Relative), cancellationToken);
            if (answer.IsSuccessStatusCode)
                return engine;
        }
        catch (HttpRequestException)
        {
            // Nobody listens there: that is the answer.
        }

        engine.Dispose();
        return null;
    }

    /// <summary>Makes an image of one layer.</summary>
    public async Task ImportImageAsync(string repository, string tag, string entryPoint, Stream tar, CancellationToken cancellationToken)
    {
        var changes = Uri.EscapeDataString($"ENTRYPOINT [\"{entryPoint}\"]") + "&changes=" + Uri.EscapeDataString($"LABEL {Label}=1");
        using var content = new StreamContent(tar);
        content.Headers.ContentType = new("application/x-tar");
        using var answer = await _http.PostAsync(new Uri($"images/create?fromSrc=-&repo={repository}&tag={tag}&changes={changes}", UriKind.Relative), content, cancellationToken);
        var text = await TextAsync(answer, cancellationToken);
        if (text.Contains("\"error\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"the image was not made: {text}");
    }

    public async Task RemoveImageAsync(string image, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(new Uri($"images/{image}?force=1", UriKind.Relative), cancellationToken);
        if (answer.StatusCode is not HttpStatusCode.NotFound)
            _ = await TextAsync(answer, cancellationToken);
    }

    /// <summary>Creates a container of an image, attaches to it and starts it.</summary>
    public async Task<EngineContainer> StartAsync(string image, CancellationToken cancellationToken)
    {
        var wanted = new JsonObject
        {
            ["Image"] = image,
            ["OpenStdin"] = true,
            ["StdinOnce"] = true,
            ["AttachStdin"] = true,
            ["AttachStdout"] = true,
            ["AttachStderr"] = true,
            ["NetworkDisabled"] = true,
            ["Labels"] = new JsonObject { [Label] = "1" },
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = "none", ["AutoRemove"] = true },
        };
        using var content = new StringContent(wanted.ToJsonString(), Encoding.UTF8, "application/json");
        using var created = await _http.PostAsync(new Uri("containers/create", UriKind.Relative), content, cancellationToken);
        var id = JsonElement.Parse(await TextAsync(created, cancellationToken)).GetProperty("Id").GetString()!;
        try
        {
            var stream = await AttachAsync(id, cancellationToken);
            using var started = await _http.PostAsync(new Uri($"containers/{id}/start", UriKind.Relative), null, cancellationToken);
            _ = await TextAsync(started, cancellationToken);
            return new EngineContainer(this, id, stream, Demultiplexed(stream));
        }
        catch (Exception)
        {
            await RemoveAsync(id, CancellationToken.None);
            throw;
        }
    }

    public async Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(new Uri($"containers/{container}?force=1", UriKind.Relative), cancellationToken);
        // 404 and 409: it has removed itself, or is about to.
        if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict))
            _ = await TextAsync(answer, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<NetworkStream> AttachAsync(string id, CancellationToken cancellationToken)
    {
        var stream = new NetworkStream(await ConnectAsync(cancellationToken), ownsSocket: true);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /{Version}/containers/{id}/attach?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"),
            cancellationToken);
        var head = new List<byte>();
        var one = new byte[1];
        while (head is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            head.Add(one[0]);
        }

        var text = Encoding.ASCII.GetString([.. head]);
        return text.StartsWith("HTTP/1.1 101", StringComparison.Ordinal) ? stream : throw new InvalidOperationException($"attaching was answered by {text}");
    }

    // Each frame: stream number, three zeros, length in four bytes, content.
    private static Stream Demultiplexed(NetworkStream stream)
    {
        var pipe = new Pipe();
        _ = PumpAsync();
        return pipe.Reader.AsStream();

        async Task PumpAsync()
        {
            var head = new byte[8];
            try
            {
                while (true)
                {
                    await stream.ReadExactlyAsync(head);
                    var length = (int)BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4));
                    var frame = pipe.Writer.GetMemory(length)[..length];
                    await stream.ReadExactlyAsync(frame);
                    if (head[0] != 1)
                        continue;
                    pipe.Writer.Advance(length);
                    await pipe.Writer.FlushAsync();
                }
            }
            catch (Exception end) when (end is IOException or ObjectDisposedException)
            {
                await pipe.Writer.CompleteAsync();
            }
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"the engine answered {(int)answer.StatusCode}: {text}");
    }

    private static async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(Endpoint, cancellationToken);
            return socket;
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    private static string SocketPath() =>
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { } host && host.StartsWith("unix://", StringComparison.Ordinal) ? host["unix://".Length..] : "/var/run/docker.sock";
}
