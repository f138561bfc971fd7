using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PolyClaw.Containers.Children;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Runtimes.Local;
using PolyClaw.Containers.Workloads;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers;

/// <summary>What the app takes from this project.</summary>
public static class ContainersServices
{
    /// <summary>
    /// Adds <see cref="IChildServers"/>, as a singleton that stops its children when the host is disposed, and <see cref="IWorkloads"/>, whose replicas stay.
    /// The caller binds
    /// <see cref="RuntimeOptions"/> and <see cref="EnginesOptions"/>, and registers a <see cref="WatchdogLaunch"/> where one is of use. Runtimes are looked for when the host
    /// starts, or on first use.
    /// </summary>
    /// <param name="services">The app's services.</param>
    public static IServiceCollection AddPolyClawContainers(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<RuntimeOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RuntimeOptions>, RuntimeOptionsValidator>();
        services.AddOptions<EnginesOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<EnginesOptions>, EnginesOptionsValidator>();
        services.AddSingleton(provider => new ToolServerLocator(
            provider.GetRequiredService<IOptions<RuntimeOptions>>().Value.ToolServerPath,
            AppContext.BaseDirectory,
            Environment.GetEnvironmentVariable,
            Environment.ProcessPath));
        services.AddSingleton<IToolServerBinary>(provider =>
        {
            var locator = provider.GetRequiredService<ToolServerLocator>();
            var options = provider.GetRequiredService<IOptions<RuntimeOptions>>().Value;
            // A program that the settings name is the one that is meant, whatever could be made instead.
            var checkout = options.ToolServerPath is null ? ToolServerCheckout.Find(AppContext.BaseDirectory) : null;
            return new CachedToolServer(
                locator,
                checkout,
                OperatingSystem.IsLinux()
                    ? new DotnetPublisher(locator.Dotnet(), Environment.GetEnvironmentVariable)
                    : new DockerPublisher(options.SdkImage, network: null, Environment.GetEnvironmentVariable),
                CachedToolServer.UsualCache(Environment.GetEnvironmentVariable),
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton(provider => new KnownLocations([.. Engines(provider).ByName.Keys]));
        services.AddSingleton(provider => new PlacedRuntimes(
            new RuntimeSet(Sources(provider), provider.GetRequiredService<TimeProvider>()),
            Places(provider).ToDictionary(
                place => place.Location!,
                place => new RuntimeSet([Docker(provider, place)], provider.GetRequiredService<TimeProvider>(), place.Location))));
        services.AddSingleton(provider => new ServerStarter(
            provider.GetRequiredService<PlacedRuntimes>(),
            provider.GetRequiredService<IOptions<RuntimeOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ServerStarter>>()));
        services.TryAddSingleton<IHostFacts, EmptyHosts>();
        services.AddSingleton<ChildServers>();
        services.AddSingleton<IChildServers>(provider => provider.GetRequiredService<ChildServers>());
        services.AddSingleton(provider => new WorkloadSet([.. WorkloadPlaces(provider)]));
        services.AddSingleton<IWorkloads>(provider => provider.GetRequiredService<WorkloadSet>());
        services.AddHostedService<RuntimeOpening>();
        return services;
    }

    private static List<IRuntimeSource> Sources(IServiceProvider provider)
    {
        var options = Runtime(provider);
        var sources = new List<IRuntimeSource>();
        if (options.Kind != RuntimeKind.Local)
            sources.Add(Docker(provider, EnginePlace.Local(options.Instance, Environment.GetEnvironmentVariable)));
        if (options.Kind != RuntimeKind.Docker)
            sources.Add(new LocalRuntimeSource(provider.GetRequiredService<ToolServerLocator>(), provider.GetRequiredService<TimeProvider>()));
        return sources;
    }

    private static DockerRuntimeSource Docker(IServiceProvider provider, EnginePlace place) => new(
        place,
        Runtime(provider).Instance,
        provider.GetRequiredService<IToolServerBinary>(),
        provider.GetService<WatchdogLaunch>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<DockerRuntime>>());

    // The engines of the settings are there whatever runs servers on this machine.
    private static IEnumerable<EnginePlace> Places(IServiceProvider provider) =>
        Engines(provider).ByName.Select(engine => EnginePlace.At(engine.Key, engine.Value, Runtime(provider).Instance));

    private static IEnumerable<WorkloadPlace> WorkloadPlaces(IServiceProvider provider)
    {
        var options = Runtime(provider);
        var local = options.Kind == RuntimeKind.Local
            ? EnginePlace.Closed(new Fault("no_engine", "Runtime:Kind is Local, which keeps to local processes", "Runtime:Kind", "Auto or Docker"))
            : EnginePlace.Local(options.Instance, Environment.GetEnvironmentVariable);
        return Places(provider).Prepend(local).Select(place => new WorkloadPlace(
            place, options.Instance, new HealthOptions(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WorkloadSet>>()));
    }

    private static RuntimeOptions Runtime(IServiceProvider provider) => provider.GetRequiredService<IOptions<RuntimeOptions>>().Value;

    private static EnginesOptions Engines(IServiceProvider provider) => provider.GetRequiredService<IOptions<EnginesOptions>>().Value;

    private sealed class RuntimeOpening(PlacedRuntimes runtimes) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => runtimes.OpenAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
