using System.ComponentModel;
using System.Diagnostics;
using PolyClaw.Containers.Children.Listing;
using PolyClaw.Containers.Runtimes.Local;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Images;

/// <summary>Publishes ToolServer with the SDK and the gcc of this machine.</summary>
/// <param name="dotnet">The <c>dotnet</c> program; nothing when there is none.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class DotnetPublisher(string? dotnet, Func<string, string?> variable) : IToolServerPublisher
{
    private const string ByHand = "install them, or publish ToolServer on a Linux machine and set Runtime:ToolServerPath";

    // What a build needs of the environment: where things are and how the feed is reached. Keys and tokens stay out.
    private static readonly string[] Passed =
    [
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "LC_ALL", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
        "DOTNET_ROOT", "DOTNET_CLI_HOME", "DOTNET_CLI_TELEMETRY_OPTOUT", "NUGET_PACKAGES", "NUGET_HTTP_CACHE_PATH", "NUGET_CERT_REVOCATION_MODE",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
    ];

    /// <inheritdoc/>
    public Fault? Problem()
    {
        if (!OperatingSystem.IsLinux())
            return Missing("a container needs a static Linux ToolServer, and this machine cannot link one", "publish ToolServer on a Linux machine and set Runtime:ToolServerPath");
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
            using var process = Process.Start(StartInfo(checkout, runtimeIdentifier, output, work))!;
            try
            {
                process.StandardInput.Close();
                var (said, complained) = (new ErrorRing(process.StandardOutput.BaseStream), new ErrorRing(process.StandardError.BaseStream));
                await process.WaitForExitAsync(cancellationToken);
                await Task.WhenAll(said.Ended, complained.Ended).WaitAsync(cancellationToken);
                return process.ExitCode == 0 ? null : Missing($"dotnet publish of ToolServer failed: {Reason($"{said}\n{complained}")}", $"dotnet publish {checkout.Project} -c Release -r {runtimeIdentifier} says more");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception refused)
        {
            return Missing($"dotnet could not be started: {refused.Message}", ByHand);
        }
    }

    private static Fault Missing(string message, string fix) => new("toolserver_missing", message, Fix: fix);

    // The first error is the cause; what follows it are its consequences.
    private static string Reason(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return PlainText.Quote(lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.LastOrDefault() ?? "it said nothing");
    }

    private ProcessStartInfo StartInfo(ToolServerCheckout checkout, string runtimeIdentifier, string output, string work)
    {
        // The work folder keeps the checkout's own bin and obj as the developer's builds left them. No build server may
        // outlive the publish: it would hold our pipes open.
        var info = new ProcessStartInfo(
            dotnet!,
            [
                "publish", checkout.Project, "-c", "Release", "-r", runtimeIdentifier, "-o", output, "--artifacts-path", work, "--nologo", "--tl:off", "-v", "quiet",
                "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:DebugType=none", "-p:GenerateDocumentationFile=false",
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = checkout.Root,
        };
        info.Environment.Clear();
        foreach (var name in Passed)
        {
            if (variable(name) is { } value)
                info.Environment[name] = value;
        }

        info.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        info.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        info.Environment["DOTNET_NOLOGO"] = "1";
        return info;
    }
}
