using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Children.Listing;
using PolyClaw.Containers.Children.Wire;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <summary>A server that answers and whose tools are listed.</summary>
/// <param name="Link">The connection; it owns the child.</param>
/// <param name="Listing">Its tools.</param>
/// <param name="Isolation">How it is kept from the host.</param>
/// <param name="StartedMs">Milliseconds from the first engine call to its first answer.</param>
internal sealed record StartedServer(ChildLink Link, ToolListing Listing, Isolation Isolation, double StartedMs);

/// <summary>Starts a server and brings it to the point where its tools are known. What it could not finish it takes away again.</summary>
internal sealed class ServerStarter(PlacedRuntimes runtimes, RuntimeOptions options, TimeProvider clock, ILogger<ServerStarter> logger)
{
    private static readonly IReadOnlyDictionary<string, string> NoEnv = new Dictionary<string, string>();

    /// <summary>Starts it.</summary>
    /// <param name="plan">What to start.</param>
    /// <param name="least">The weakest isolation that was allowed for it.</param>
    /// <param name="toolsChanged">Told when the server says that its tools changed.</param>
    /// <param name="progress">What it is at.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="RuntimeFaultException">The runtime refused.</exception>
    /// <exception cref="ChildFaultException">The server did not do its part.</exception>
    public async Task<StartedServer> StartAsync(ServerPlan plan, Isolation least, Action toolsChanged, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var launch = Launch(plan);
        var runtime = plan.Spec.Source is ServerSource.Remote ? null : await runtimes.At(plan.Spec.Location).ChooseAsync(launch, least, progress, cancellationToken);
        var begun = clock.GetTimestamp();
        var link = plan.Spec.Source is ServerSource.Remote remote
            ? await ChildLink.ConnectAsync(RemoteEndpoint.Open(remote.Url, options), options.ConnectTimeout, toolsChanged, clock, cancellationToken)
            : await LaunchAsync(runtime!, launch, plan.FirstLine, toolsChanged, cancellationToken);
        try
        {
            var startedMs = clock.GetElapsedTime(begun).TotalMilliseconds;
            return new StartedServer(link, await link.ListAsync(options.ListTimeout, cancellationToken), runtime?.Info.Isolation ?? Isolation.Remote, startedMs);
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is to be started, for the runtime.</summary>
    public static ChildLaunch Launch(ServerPlan plan)
    {
        var image = plan.Spec.Source as ServerSource.Image;
        // A host's amounts are what it holds for services; what speaks for it needs what any tool code does.
        var limits = plan.Spec.Source is ServerSource.Host ? HostTools.Limits : plan.Grant.Amounts;
        return new ChildLaunch(
            plan.Tenant,
            plan.Spec.Name,
            plan.Key,
            plan.RunId,
            plan.SpecSha256,
            image is null ? HardeningTier.ToolCode : HardeningTier.ChildServer,
            image?.Reference,
            image?.Args ?? [],
            image is null ? NoEnv : plan.Spec.Env ?? NoEnv,
            limits.NanoCpus,
            limits.MemoryBytes,
            plan.Spec.Source is ServerSource.Host ? HostTools.Limits.Pids : plan.Spec.Resources?.Pids ?? (image is null ? 64 : 128));
    }

    private async Task<ChildLink> LaunchAsync(
        IRuntime runtime, ChildLaunch launch, ReadOnlyMemory<byte> firstLine, Action toolsChanged, CancellationToken cancellationToken)
    {
        var child = await runtime.StartAsync(launch, cancellationToken);
        try
        {
            return await ChildLink.ConnectAsync(child, firstLine, options.ConnectTimeout, toolsChanged, clock, logger, cancellationToken);
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }
}
