using System.Diagnostics;
using PolyClaw.Containers.Children.Listing;
using PolyClaw.Containers.Runtimes.Local;

namespace PolyClaw.Containers.Images;

/// <summary>Runs a program that builds: with little of the environment, its words kept within bounds, and nothing of it left behind.</summary>
internal static class BuildProgram
{
    // What a build needs of the environment: where things are and how the feed and the engine are reached. Keys and tokens stay out.
    private static readonly string[] Passed =
    [
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "LC_ALL", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
        "DOTNET_ROOT", "DOTNET_CLI_HOME", "DOTNET_CLI_TELEMETRY_OPTOUT", "NUGET_PACKAGES", "NUGET_HTTP_CACHE_PATH", "NUGET_CERT_REVOCATION_MODE",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY",
        "SystemRoot", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramData", "ProgramFiles",
    ];

    /// <summary>What is to be started.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static ProcessStartInfo Info(string program, IEnumerable<string> arguments, string folder, Func<string, string?> variable)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        info.Environment.Clear();
        foreach (var name in Passed)
        {
            if (variable(name) is { } value)
                info.Environment[name] = value;
        }

        return info;
    }

    /// <summary>Runs it to its end; cancelled, it is killed with all it started.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static async Task<Ended> RunAsync(ProcessStartInfo info, CancellationToken cancellationToken)
    {
        using var process = Process.Start(info)!;
        try
        {
            process.StandardInput.Close();
            var (said, complained) = (new ErrorRing(process.StandardOutput.BaseStream), new ErrorRing(process.StandardError.BaseStream));
            await process.WaitForExitAsync(cancellationToken);
            await Task.WhenAll(said.Ended, complained.Ended).WaitAsync(cancellationToken);
            return new Ended(process.ExitCode, said.ToString(), complained.ToString());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>How it ended.</summary>
    /// <param name="Code">Its exit code.</param>
    /// <param name="Output">The end of what it wrote.</param>
    /// <param name="Errors">The end of what it wrote to stderr.</param>
    internal sealed record Ended(int Code, string Output, string Errors)
    {
        /// <summary>Why it failed. The first error is the cause; what follows it are its consequences.</summary>
        public string Reason
        {
            get
            {
                var lines = $"{Output}\n{Errors}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return PlainText.Quote(lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.LastOrDefault() ?? "it said nothing");
            }
        }
    }
}
