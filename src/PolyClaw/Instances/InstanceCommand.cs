using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Http;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Instances;

/// <summary>Runs an instance: in the background behind shims, in the foreground with HTTP, or in one process with its only client.</summary>
internal static class InstanceCommand
{
    /// <summary>The hidden command that a shim starts an instance with.</summary>
    public const string Name = "instance";

    private const string JournalLocked = "journal_locked";

    /// <summary>An instance behind the home's socket.</summary>
    /// <param name="home">Its home.</param>
    /// <param name="tell">Takes the one line, a <see cref="Fault"/> in JSON, that the process which started it reads when the start fails.</param>
    /// <returns>0 also when another instance has the journal: then that one serves.</returns>
    public static async Task<int> BackgroundAsync(Home home, Action<string> tell)
    {
        Daemon.LeaveTerminal();
        Daemon.KeepFilesPrivate();
        using var log = new FileLog(home.Log, TimeProvider.System);
        try
        {
            using var host = Build(home, new InstanceMode(Foreground: false), log);
            await host.StartAsync();
            Daemon.LeaveStandardStreams(home.Log);
            await host.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            if (fault.Code == JournalLocked)
                return 0;
            log.CreateLogger("PolyClaw").Log(LogLevel.Error, default, fault, null, (f, _) => f.ToString());
            tell(JsonSerializer.Serialize(fault, PrefaceJson.Default.Fault));
            return 1;
        }
    }

    /// <summary>Shim and instance in one process: for a container. Ends when the client has gone and its runs have ended.</summary>
    /// <exception cref="HomeFaultException">It cannot start.</exception>
    public static async Task<int> OneProcessAsync(Home home, Stream input, Stream output)
    {
        Daemon.KeepFilesPrivate();
        using var log = new FileLog(home.Log, TimeProvider.System);
        try
        {
            using var host = Build(home, new InstanceMode(Foreground: true), log);
            await host.StartAsync();
            var caller = new Principal(Principal.LocalTenant, Preface.Mcp, PrincipalKind.Agent);
            var life = host.Services.GetRequiredService<IHostApplicationLifetime>();
            await host.Services.GetRequiredService<SocketSessions>().ServeAsync(input, output, caller, withControl: false, life.ApplicationStopping);
            var runs = host.Services.GetRequiredService<Core.Execution.Runs>();
            var clock = host.Services.GetRequiredService<TimeProvider>();
            while (runs.OpenCount > 0 && !life.ApplicationStopping.IsCancellationRequested)
                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, life.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await host.StopAsync();
            return 0;
        }
        catch (Exception e) when (e is not HomeFaultException && FaultOf(e) is { } fault)
        {
            throw new HomeFaultException(fault);
        }
    }

    /// <summary>An instance in the foreground that serves HTTP as well.</summary>
    /// <exception cref="HomeFaultException">It cannot start.</exception>
    public static async Task<int> HttpAsync(Home home, IPEndPoint address, Action<string> tell)
    {
        Daemon.KeepFilesPrivate();
        using var log = new FileLog(home.Log, TimeProvider.System);
        try
        {
            var token = AccessTokenFile.ReadOrCreate(home.Token);
            var builder = WebApplication.CreateSlimBuilder();
            Prepare(builder, home, new InstanceMode(Foreground: true), log);
            var options = new McpHttpOptions { Listen = address };
            options.Tokens.Add(new McpHttpToken(token, "http"));
            foreach (var origin in InstanceSettings.Http(builder.Configuration).AllowedOrigins)
                options.AllowedOrigins.Add(origin);
            builder.AddMcpHttp(options).WithStartWait();
            await using var app = builder.Build();
            app.MapMcpHttp();
            await app.StartAsync();
            tell($"PolyClaw serves MCP at {app.Urls.First()}{options.Path}");
            tell($"Clients send 'Authorization: Bearer TOKEN'; the token lies in {home.Token}");
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (e is not HomeFaultException && FaultOf(e) is { } fault)
        {
            throw new HomeFaultException(fault);
        }
    }

    private static IHost Build(Home home, InstanceMode mode, FileLog log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = home.Folder, DisableDefaults = true });
        Prepare(builder, home, mode, log);
        builder.Services.AddMcpServer().WithCallGuards().WithStartWait();
        return builder.Build();
    }

    private static void Prepare(IHostApplicationBuilder builder, Home home, InstanceMode mode, FileLog log)
    {
        builder.Configuration.Sources.Clear();
        InstanceSettings.Read(builder.Configuration, home);
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        // The protocol library logs whole messages, secrets included, at Trace.
        builder.Logging.AddFilter("ModelContextProtocol", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // It would write a line for each request of a service, with what the client asked.
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Services.AddSingleton(mode);
        builder.Services.AddSingleton<InstanceControl>();
        InstanceServices.Add(builder.Services, builder.Configuration, home);
    }

    private static Fault? FaultOf(Exception e) => e switch
    {
        HomeFaultException home => home.Fault,
        JournalFaultException journal => journal.Fault,
        Microsoft.Extensions.Options.OptionsValidationException wrong => new Fault("bad_setting", string.Join("; ", wrong.Failures)),
        InvalidOperationException { InnerException: { } inner } => FaultOf(inner),
        AccessTokenException token => new Fault("token_unusable", token.Message),
        // So Kestrel tells of a taken port; whatever else the system has against the address comes bare.
        IOException { InnerException: AddressInUseException } taken => new Fault("address_in_use", taken.Message, "--http", "another port: --http 127.0.0.1:0 takes any"),
        SocketException refused => new Fault("address_refused", $"the system does not let this address be listened on: {refused.Message}", "--http", "another address or port: --http 127.0.0.1:0 takes any"),
        _ => null,
    };
}
