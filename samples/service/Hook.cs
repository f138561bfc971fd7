using System.Text;

namespace PolyClaw.Samples.Service;

/// <summary>Takes webhooks and writes each on a line: what was posted, and its signature.</summary>
internal static class Hook
{
    private const int MostBytes = 64 * 1024;

    /// <summary>Takes webhooks until it is asked to end.</summary>
    /// <param name="port">TCP port, on this machine alone.</param>
    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = "/" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MostBytes;
            kestrel.ListenLocalhost(port);
        });
        var app = builder.Build();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
#pragma warning disable RS0030 // It is what the program is for.
            Console.WriteLine($"{context.Request.Headers["X-PolyClaw-Signature"]} {body.ReplaceLineEndings(" ")}");
#pragma warning restore RS0030
        });
        await app.RunAsync();
        return 0;
    }
}
