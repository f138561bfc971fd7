using Docker.DotNet.Models;

namespace PolyClaw.Containers.Hardening;

/// <summary>A launch in the engine's words. Made by <see cref="ContainerSpecCompiler"/> alone.</summary>
/// <param name="Name">The container's name.</param>
/// <param name="Parameters">The create call.</param>
internal sealed record CompiledChild(string Name, CreateContainerParameters Parameters);
