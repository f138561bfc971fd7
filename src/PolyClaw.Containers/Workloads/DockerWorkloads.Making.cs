using System.Net;
using Docker.DotNet;
using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Workloads;

// How a replica's container comes to be: made, or taken up where it is there, and begun.
internal sealed partial class DockerWorkloads
{
    private async Task<string> CreateAsync(ReplicaLaunch launch, CancellationToken cancellationToken)
    {
        for (var pulled = false; ;)
        {
            if (await _engine.InspectImageAsync(launch.Spec.Image, cancellationToken) is { } image)
            {
                var compiled = ReplicaSpecCompiler.Compile(launch, _instance, _traits, ImageVolumes.Of(launch.Spec.Image, image.Config?.Volumes?.Keys ?? []));
                try
                {
                    return await _engine.CreateAsync(compiled, CancellationToken.None);
                }
                catch (DockerApiException taken) when (taken.StatusCode is HttpStatusCode.Conflict)
                {
                    return await AdoptAsync(compiled, launch, cancellationToken);
                }
                catch (DockerApiException refusal)
                {
                    throw DockerFaults.Refused("create a container", refusal);
                }
            }

            if (pulled || !ImageReference.TryParse(launch.Spec.Image, out var reference))
                throw new RuntimeFaultException(new Fault("image_missing", $"there is no image {LaunchRules.Show(launch.Spec.Image)}", "/image", "build it, load it, or name one that a registry has"), transient: false);
            await _pull.PullAsync(reference, cancellationToken);
            pulled = true;
        }
    }

    // An earlier attempt made it, or an earlier life: the same replica of the same spec is taken up, and nothing else.
    private async Task<string> AdoptAsync(CompiledChild compiled, ReplicaLaunch launch, CancellationToken cancellationToken) =>
        await _engine.InspectAsync(compiled.Name, cancellationToken) is { } found
        && DockerLabels.ReplicaOf(found.Config?.Labels) == launch.Id
        && found.Config!.Labels.TryGetValue(DockerLabels.Instance, out var owner) && owner == _instance
        && found.Config.Labels.TryGetValue(DockerLabels.SpecSha256, out var digest) && digest == launch.Spec.SpecSha256
            ? found.ID
            : throw new RuntimeFaultException(
                new Fault("name_taken", $"another container is called {compiled.Name}", "/name", "remove or rename that container"), transient: false);

    private async Task BeginAsync(string container)
    {
        try
        {
            // Not with the caller's token: half a start is a state that nobody can name. It has a deadline of its own.
            await _engine.StartAsync(container, CancellationToken.None);
        }
        catch (RuntimeFaultException refused)
        {
            try
            {
                await _engine.RemoveAsync(container, CancellationToken.None);
            }
            catch (RuntimeFaultException left)
            {
                // The first fault is the one to tell; what is left bears our label, and is taken up or removed by its name.
                LogLeft(left, container);
            }

            throw Explained(refused);
        }
    }

    // The engine speaks of a socket; what is wrong is a setting.
    private RuntimeFaultException Explained(RuntimeFaultException refused) => refused.Fault.Message.Contains("cannot assign requested address", StringComparison.Ordinal)
        ? new RuntimeFaultException(
            new Fault(
                "address_not_there",
                $"the engine at {_engine.Endpoint} has no address {_engine.Endpoint.PublishedOn} to publish ports on",
                _location is null ? null : $"Engines:{_location}:Address",
                "an address of the engine's own machine that this one can reach"),
            transient: false,
            refused)
        : new RuntimeFaultException(refused.Fault, refused.Transient, refused);

    [LoggerMessage(LogLevel.Warning, "Container {Container} of a failed start could not be removed")]
    private partial void LogLeft(Exception cause, string container);
}
