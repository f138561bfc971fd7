using PolyClaw.Core.Servers;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Services;

/// <summary>What a version of a service is to be: the parameters of <c>deploy_service</c>. What is left out is as in <see cref="ServiceDefaults"/>.</summary>
/// <param name="Name">DNS label, <c>^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$</c>, not <c>polyclaw-*</c>.</param>
/// <param name="Image">Image reference; the one that <c>Services:Catalog</c> names when left out.</param>
/// <param name="Replicas">How many of it run. 1–1,000.</param>
/// <param name="Resources">What each replica may use.</param>
/// <param name="Kind">Whether it keeps data.</param>
/// <param name="Strategy">How it takes the place of the version before; by kind and settings when left out.</param>
/// <param name="Weight">For a canary: its first share of the traffic in percent. 1–100.</param>
/// <param name="Port">TCP port it listens on inside its container. 1–65,535.</param>
/// <param name="HealthPath">Path that answers 200 when it is well.</param>
/// <param name="Args">Arguments after the image's entry point; an argv, never a shell line.</param>
/// <param name="Env">Its environment; at most 64 variables.</param>
/// <param name="Needs">Services that have to be healthy first.</param>
/// <param name="Migration">For a stateful service: two versions may run side by side.</param>
/// <param name="Volume">For a stateful service: folder in its container where its data lies. It outlives replicas and versions, and goes with the service.</param>
/// <param name="On">Host server it is placed on.</param>
/// <param name="Location">Name of an engine in the settings; the host server's, else the local one.</param>
public sealed record ServiceSpec(
    string Name,
    string? Image = null,
    int? Replicas = null,
    ServerResources? Resources = null,
    ServiceKind? Kind = null,
    RolloutStrategy? Strategy = null,
    int? Weight = null,
    int? Port = null,
    string? HealthPath = null,
    IReadOnlyList<string>? Args = null,
    IReadOnlyDictionary<string, string>? Env = null,
    IReadOnlyList<string>? Needs = null,
    bool? Migration = null,
    string? Volume = null,
    string? On = null,
    string? Location = null);
