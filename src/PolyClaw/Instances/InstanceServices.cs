using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Containers;
using PolyClaw.Core;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Control;
using PolyClaw.Gateway;
using PolyClaw.Mcp;
using PolyClaw.Mcp.Resources;
using PolyClaw.Mcp.Tools;
using PolyClaw.Models;

namespace PolyClaw.Instances;

/// <summary>Everything an instance is made of, whatever it listens on.</summary>
internal static class InstanceServices
{
    /// <summary>What the engine or the system needs around a server's own time.</summary>
    private static readonly TimeSpan RuntimeOverhead = TimeSpan.FromSeconds(15);

    private const string Instructions =
        "PolyClaw carries out whole goals. Call plan_and_execute with the goal; when the answer's status is not final, do what its 'next' says. "
        + "Tools of child servers are found with find_tools and called with call_tool.";

    public static void Add(IServiceCollection services, IConfiguration configuration, Home home)
    {
        InstanceSettings.Bind(services, configuration, home);
        services.AddSingleton(home);
        services.AddSingleton(TimeProvider.System);
        services.AddPolyClawCore(home.Journal, home.Blobs, home.Runs);
        services.AddPolyClawServices();
        services.AddPolyClawContainers().AddWatchdog();
        services.AddSingleton(s => LimitOf(s.GetRequiredService<IOptions<RuntimeOptions>>().Value));
        services.AddPlannerModel();
        services.AddSingleton<AlertReceiver>();
        services.AddSingleton(s => new InnerGateway(s.GetRequiredService<IOptions<GatewayOptions>>().Value, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>())
        {
            // Asked for at an alert, not now: runs need services, and services the gateway.
            Own = context => s.GetRequiredService<AlertReceiver>().AnswerAsync(context),
        });
        services.AddSingleton(s => new ServiceGateway(
            s.GetRequiredService<InnerGateway>(), home.GatewaySocket, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ServiceGateway>>()));
        services.AddSingleton<IServiceTraffic>(s => s.GetRequiredService<ServiceGateway>());
        services.AddSingleton<IServiceProbe, ServiceProbe>();
        services.AddSingleton<WebhookNotices>();
        services.AddSingleton<IServiceNotices>(s => s.GetRequiredService<WebhookNotices>());
        services.AddHostedService(s => s.GetRequiredService<WebhookNotices>());
        services.AddSingleton<Activity>();
        services.AddSingleton<SocketSessions>();
        services.AddSingleton<InstanceStart>();
        services.AddHostedService(s => s.GetRequiredService<InstanceStart>());
        services.AddHostedService<SocketListener>();
        services.AddHostedService(s => new IdleEnd(
            s.GetRequiredService<Activity>(), () => s.GetRequiredService<Runs>().OpenCount + s.GetRequiredService<ServiceControl>().Count, s.GetRequiredService<IOptions<InstanceOptions>>(),
            s.GetRequiredService<InstanceMode>(), s.GetRequiredService<IHostApplicationLifetime>(), s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<IdleEnd>>()));
        AddSurface(services);
    }

    /// <summary>A call may have to start its server first, and a server that did not answer in time is asked once more whether it is there.</summary>
    internal static ToolCallLimit LimitOf(RuntimeOptions runtime) =>
        new(runtime.ConnectTimeout + runtime.ListTimeout + runtime.CallTimeout + runtime.ProbeTimeout + RuntimeOverhead);

    private static void AddSurface(IServiceCollection services)
    {
        services.Configure<McpServerOptions>(options =>
        {
            options.ServerInfo = new Implementation { Name = "polyclaw", Title = "PolyClaw", Version = BuildId.Current.Version };
            options.ServerInstructions = Instructions;
        });
        services.AddSingleton<GoalFiles>();
        services.AddSingleton<RequestSeal>();
        services.AddSingleton<RunWaiting>();
        services.AddSingleton<ToolCatalogue>();
        services.AddSingleton<McpServerTool, PlanAndExecuteTool>();
        services.AddSingleton<McpServerTool, CreateServerTool>();
        services.AddSingleton<McpServerTool, GetRunTool>();
        services.AddSingleton<McpServerTool, AnswerRunTool>();
        services.AddSingleton<McpServerTool, CancelRunTool>();
        services.AddSingleton<McpServerTool, ListRunsTool>();
        services.AddSingleton<McpServerTool, ListServersTool>();
        services.AddSingleton<McpServerTool, ListServicesTool>();
        services.AddSingleton<McpServerTool, FindToolsTool>();
        services.AddSingleton<McpServerTool, CallToolTool>();
        services.AddSingleton<McpServerTool, RemoveServerTool>();
        services.AddSingleton<McpServerResource, RunResource>();
        services.AddSingleton<McpServerResource, RunJournalResource>();
        services.AddSingleton<McpServerResource, RunFileResource>();
        services.AddSingleton<McpServerResource, ServerResource>();
        services.AddSingleton<McpServerResource, ServiceResource>();
    }
}
