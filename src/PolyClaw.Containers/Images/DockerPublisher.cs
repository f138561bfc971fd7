using System.ComponentModel;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Images;

/// <summary>
/// Publishes ToolServer inside the SDK's image, for machines whose own linker makes no Linux programs. The person's <c>docker</c> command
/// does it, with their registries and proxies: building is not what our own calls to the engine may do.
/// </summary>
/// <param name="sdkImage">The SDK's image.</param>
/// <param name="network">The build's network; nothing for the engine's default.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class DockerPublisher(string sdkImage, string? network, Func<string, string?> variable) : IToolServerPublisher
{
    /// <summary>The tag of what is built, moved by each build; its layers are the next build's cache.</summary>
    public const string Tag = "polyclaw-toolserver-build:latest";

    private const string ByHand = "publish ToolServer on a Linux machine and set Runtime:ToolServerPath";
    private const string Program = "polyclaw-toolserver";

    private string? Command =>
        (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "docker.exe" : "docker"))
            .FirstOrDefault(File.Exists);

    /// <summary>An SDK's image may have to be fetched first.</summary>
    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public Fault? Problem() =>
        Command is null ? Missing("a container needs a static Linux ToolServer, this machine cannot link one, and there is no docker command to build it with") : null;

    /// <inheritdoc/>
    public async Task<Fault?> PublishAsync(ToolServerCheckout checkout, string runtimeIdentifier, string output, string work, CancellationToken cancellationToken)
    {
        try
        {
            string[] build = ["build", "-q", "-t", Tag, "-f", checkout.Dockerfile, "--build-arg", "SDK_IMAGE=" + sdkImage, "--build-arg", "RUNTIME_ID=" + runtimeIdentifier];
            if (await RunAsync(checkout, [.. build, .. network is null ? [] : (string[])["--network", network], "."], cancellationToken) is { Code: not 0 } failed)
                return Missing($"ToolServer could not be built inside {sdkImage}: {failed.Reason}");
            return await TakeOutAsync(checkout, output, cancellationToken) is { Code: not 0 } refused ? Missing($"ToolServer could not be taken out of its image: {refused.Reason}") : null;
        }
        catch (Win32Exception absent)
        {
            return Missing($"docker could not be started: {absent.Message}");
        }
    }

    /// <summary>Through a container that is made and never started: so a file is taken out of an image.</summary>
    private async Task<BuildProgram.Ended> TakeOutAsync(ToolServerCheckout checkout, string output, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(output);
        var name = "polyclaw-toolserver-" + Guid.NewGuid().ToString("n");
        try
        {
            var made = await RunAsync(checkout, ["create", "--name", name, Tag, "/" + Program], cancellationToken);
            return made.Code == 0 ? await RunAsync(checkout, ["cp", $"{name}:/{Program}", Path.Combine(output, Program)], cancellationToken) : made;
        }
        finally
        {
            await RunAsync(checkout, ["rm", "-f", name], CancellationToken.None);
        }
    }

    private Task<BuildProgram.Ended> RunAsync(ToolServerCheckout checkout, string[] arguments, CancellationToken cancellationToken) =>
        BuildProgram.RunAsync(BuildProgram.Info(Command!, arguments, checkout.Root, variable), cancellationToken);

    private static Fault Missing(string message) => new("toolserver_missing", message, Fix: ByHand);
}
