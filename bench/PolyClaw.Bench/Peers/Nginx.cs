using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PolyClaw.Bench.Peers;

/// <summary>nginx as a gateway of two workers before one replica, with connections that are kept on both sides and no log: what a person would set up.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private Nginx(Process process, string folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    public Uri Address { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="program">Path of nginx.</param>
    /// <param name="replica">Where requests go.</param>
    /// <param name="work">Where its files are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Nginx> StartAsync(string program, Uri replica, string work, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(work, "polyclaw-bench-nginx-" + Guid.NewGuid().ToString("n")[..8]);
        Directory.CreateDirectory(folder);
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(folder, address, replica), cancellationToken);
        var start = new ProcessStartInfo(program, ["-c", file, "-p", folder, "-e", Path.Combine(folder, "error.log")]) { UseShellExecute = false };
        var nginx = new Nginx(Process.Start(start) ?? throw new InvalidOperationException("nginx did not start"), folder, address);
        try
        {
            using var client = new HttpClient();
            while (true)
            {
                if (nginx._process.HasExited)
                    throw new InvalidOperationException($"nginx has ended: {await File.ReadAllTextAsync(Path.Combine(folder, "error.log"), cancellationToken)}");
                try
                {
                    _ = await client.GetStringAsync(address, cancellationToken);
                    return nginx;
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(20, cancellationToken);
                }
            }
        }
        catch (Exception)
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Its master ends the workers.
        using (var end = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await end.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Configuration(string folder, Uri address, Uri replica) => $$"""
        daemon off;
        worker_processes 2;
        pid {{folder}}/pid;
        error_log {{folder}}/error.log;
        events { worker_connections 1024; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          upstream replica { server {{replica.Authority}}; keepalive 64; keepalive_requests 1000000000; }
          server {
            listen {{address.Authority}};
            location / {
              proxy_pass http://replica;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
            }
          }
        }
        """;
}
