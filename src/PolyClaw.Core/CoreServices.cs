using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Execution.Handlers;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Commands;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Core;

/// <summary>Registers everything of Core. <see cref="IChildServers"/> and, if a model is configured, an <see cref="IPlanner"/> come from outside.</summary>
public static class CoreServices
{
    /// <summary>Registers Core for one home.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="journal">Path of the journal's file; opened when it is first asked for.</param>
    /// <param name="blobs">Folder of the blob store.</param>
    /// <param name="runs">Folder where finished runs' files are laid out.</param>
    public static IServiceCollection AddPolyClawCore(this IServiceCollection services, string journal, string blobs, string runs)
    {
        services.AddPolicyOptions();
        services.AddOptionsWithValidateOnStart<ExecutionOptions, ExecutionOptionsValidator>();
        services.AddSingleton(s => Journal.Journal.Open(new JournalOptions(journal), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new BlobStore(blobs));
        services.AddSingleton<QuotaLedger>();
        services.AddSingleton(s => new PolicyGate(
            s.GetRequiredService<QuotaLedger>(),
            s.GetRequiredService<IOptions<PolicyOptions>>().Value,
            Surroundings(s)));
        services.AddSingleton<IActionHandler, CreateMcpServerHandler>();
        services.AddSingleton<IActionHandler, DecommissionMcpServerHandler>();
        services.AddSingleton<IActionHandler>(s => new CallToolHandler(
            s.GetRequiredService<IChildServers>(), s.GetRequiredService<BlobStore>(), s.GetService<ToolCallLimit>()));
        services.AddSingleton<IActionHandler>(s => new CheckResourceAvailabilityHandler(
            tenant => s.GetRequiredService<PolicyGate>().Quota(tenant), s.GetRequiredService<IChildServers>()));
        services.AddSingleton<IActionHandler, AskUserHandler>();
        services.AddSingleton<IActionHandler, ReportHandler>();
        services.AddSingleton<IActionHandler, DoneHandler>();
        services.AddSingleton<ActionHandlers>();
        services.AddSingleton(s => new ActionSchemas(s.GetServices<IActionHandler>().Where(h => h.IsForPlans).ToDictionary(h => h.ActionName, h => h.Summary, StringComparer.Ordinal)));
        services.AddSingleton<PlanVerifier>();
        services.AddSingleton<CommandPlanner>();
        services.AddSingleton<IPlanners>(s => new Planners(s.GetRequiredService<CommandPlanner>(), s.GetService<IPlanner>()));
        services.AddSingleton<DirectCalls>();
        services.AddSingleton(s => new Runs(World(s), runs));
        return services;
    }

    /// <summary>
    /// Registers services and their actions. What they run in and behind comes from outside: <see cref="IWorkloads"/>, <see cref="IServiceTraffic"/>,
    /// <see cref="IServiceNotices"/>, <see cref="IServiceProbe"/>. Without this call no action on services is in any schema.
    /// </summary>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddPolyClawServices(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ServiceOptions, ServiceOptionsValidator>();
        services.AddSingleton(s => new ServiceControl(new ServiceWorld(
            s.GetRequiredService<Journal.Journal>(), s.GetRequiredService<PolicyGate>(), s.GetRequiredService<QuotaLedger>(), s.GetRequiredService<IWorkloads>(),
            s.GetRequiredService<IServiceTraffic>(), s.GetRequiredService<IServiceNotices>(), s.GetRequiredService<IOptions<ServiceOptions>>().Value,
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>().CreateLogger<ServiceControl>())));
        services.AddSingleton<IHostFacts>(s => new HostFacts(s.GetRequiredService<ServiceControl>));
        services.AddSingleton<IActionHandler, DeployServiceHandler>();
        services.AddSingleton<IActionHandler, ValidateServiceHandler>();
        services.AddSingleton<IActionHandler, ShiftTrafficHandler>();
        services.AddSingleton<IActionHandler, AutoscaleHandler>();
        services.AddSingleton<IActionHandler, DeleteServiceHandler>();
        services.AddSingleton<IActionHandler, UndoServiceHandler>();
        return services;
    }

    /// <summary>Takes up what the last instance left: servers first, since runs call them, then runs.</summary>
    /// <param name="services">The built container.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>How many runs go on.</returns>
    /// <exception cref="JournalFaultException">The journal cannot be used.</exception>
    public static async Task<int> ResumeAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var journal = services.GetRequiredService<Journal.Journal>();
        var gate = services.GetRequiredService<PolicyGate>();
        var blobs = services.GetRequiredService<BlobStore>();
        var known = journal.Servers().Select(s => new RestoredServer(
            gate.Reissue(s.Grant.Tenant, s.Grant), s.ToInfo(), s.Key, new StoredGoalFiles(blobs, s.Files))).ToList();
        services.GetService<ServiceControl>()?.Restore();
        await services.GetRequiredService<IChildServers>().RestoreAsync(known, cancellationToken);
        return services.GetRequiredService<Runs>().Resume();
    }

    private static PolicySurroundings Surroundings(IServiceProvider s)
    {
        var catalog = s.GetService<IOptions<ServiceOptions>>()?.Value.Catalog;
        // Asked for at a decision, not now: the services' own gate is this one.
        return new PolicySurroundings(() => s.GetRequiredService<Journal.Journal>().Epoch, () => s.GetRequiredService<IChildServers>().Runtime.Isolation)
        {
            Service = (tenant, name) => s.GetService<ServiceControl>()?.Record(tenant, name),
            Services = tenant => s.GetService<ServiceControl>()?.Records(tenant) ?? [],
            Server = (tenant, name) => s.GetRequiredService<IChildServers>().Find(tenant, name),
            Locations = () => s.GetService<KnownLocations>()?.Names ?? [],
            Catalog = name => catalog is not null && catalog.TryGetValue(name, out var image) ? image : null,
        };
    }

    private static RunWorld World(IServiceProvider s)
    {
        var options = s.GetRequiredService<IOptions<ExecutionOptions>>().Value;
        var clock = s.GetRequiredService<TimeProvider>();
        return new RunWorld(
            s.GetRequiredService<Journal.Journal>(), s.GetRequiredService<PolicyGate>(), s.GetRequiredService<QuotaLedger>(),
            s.GetRequiredService<ActionHandlers>(), s.GetRequiredService<IPlanners>(), s.GetRequiredService<IChildServers>(),
            s.GetRequiredService<BlobStore>(), new StepRunner(options, clock), options, clock,
            s.GetRequiredService<ILoggerFactory>().CreateLogger<Runs>(),
            s.GetRequiredService<IOptions<PolicyOptions>>().Value.AgentMayApprove);
    }
}
