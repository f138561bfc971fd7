using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Services;

/// <summary>What a replica runs: one version of a service, everything decided.</summary>
/// <param name="Image">Image reference.</param>
/// <param name="Amounts">Its limits; the count of servers is not used.</param>
/// <param name="Port">TCP port it listens on, inside its container. 1–65,535.</param>
/// <param name="HealthPath">Path that answers 200 when it is well. Starts with <c>/</c>.</param>
/// <param name="Args">Arguments after the image's entry point.</param>
/// <param name="Env">Its whole environment.</param>
/// <param name="SpecSha256">Digest of the service's spec; a label.</param>
/// <param name="Location">The engine it runs on, by its name in the settings; nothing for the local one.</param>
/// <param name="Volume">Folder where the service's volume lies; nothing for a service without one.</param>
public sealed record ReplicaSpec(
    string Image,
    ResourceAmounts Amounts,
    int Port,
    string HealthPath,
    IReadOnlyList<string> Args,
    IReadOnlyDictionary<string, string> Env,
    string SpecSha256,
    string? Location = null,
    string? Volume = null);
