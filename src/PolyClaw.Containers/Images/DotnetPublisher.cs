using System.ComponentModel;
using System.Diagnostics;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Images;

/// <summary>Publishes ToolServer with the SDK and the gcc of this machine.</summary>
/// <param name="dotnet">The <c>dotnet</c> program; nothing when there is none.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class DotnetPublisher(string? dotnet, Func<string, string?> variable) : IToolServerPublisher
{
    private const string ByHand = "install them, or publish ToolServer on a Linux machine and set Runtime:ToolServerPath";

    /// <inheritdoc/>
    public TimeSpan Limit => TimeSpan.FromSeconds(240);

    /// <inheritdoc/>
    public Fault? Problem()
    {
        if (dotnet is null || !Directory.Exists(Path.Combine(Path.GetDirectoryName(dotnet)!, "sdk")))
            return Missing("a container needs a native ToolServer, and there is no .NET SDK to publish it with", ByHand);
        var folders = (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Any(folder => File.Exists(Path.Combine(folder, "gcc")))
            ? null
            : Missing("a container needs a native ToolServer, and there is no gcc to link it with", "install gcc and the C library's headers (Debian: gcc libc6-dev zlib1g-dev), or set Runtime:ToolServerPath");
    }

    /// <inheritdoc/>
    public async Task<Fault?> PublishAsync(ToolServerCheckout checkout, string runtimeIdentifier, string output, string work, CancellationToken cancellationToken)
    {
        try
        {
            var ended = await BuildProgram.RunAsync(StartInfo(checkout, runtimeIdentifier, output, work), cancellationToken);
            return ended.Code == 0 ? null : Missing($"dotnet publish of ToolServer failed: {ended.Reason}", $"dotnet publish {checkout.Project} -c Release -r {runtimeIdentifier} says more");
        }
        catch (Win32Exception refused)
        {
            return Missing($"dotnet could not be started: {refused.Message}", ByHand);
        }
    }

    private static Fault Missing(string message, string fix) => new("toolserver_missing", message, Fix: fix);

    private ProcessStartInfo StartInfo(ToolServerCheckout checkout, string runtimeIdentifier, string output, string work)
    {
        // The work folder keeps the checkout's own bin and obj as the developer's builds left them. No build server may
        // outlive the publish: it would hold our pipes open.
        var info = BuildProgram.Info(
            dotnet!,
            [
                "publish", checkout.Project, "-c", "Release", "-r", runtimeIdentifier, "-o", output, "--artifacts-path", work, "--nologo", "--tl:off", "-v", "quiet",
                "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:DebugType=none", "-p:GenerateDocumentationFile=false",
            ],
            checkout.Root,
            variable);
        info.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        info.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        info.Environment["DOTNET_NOLOGO"] = "1";
        return info;
    }
}
