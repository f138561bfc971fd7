using System.Diagnostics;
using System.Globalization;

namespace PolyClaw.ToolServer.Workers;

/// <summary>How a worker is started: this very program, once more, with nothing of our environment.</summary>
internal sealed record WorkerCommand(string FileName, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The argument that makes this program a worker.</summary>
    public const string Verb = "worker";

    public static WorkerCommand ForThisProgram()
    {
        var program = System.Environment.ProcessPath
            ?? throw new InvalidOperationException("the path of this program is not known, so it cannot start a worker");
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            return new WorkerCommand(program, [Path.Combine(AppContext.BaseDirectory, "polyclaw-toolserver.dll"), Verb], RuntimeVariables());
        }

        // The kernel's own link: it holds even if the file was replaced by another build since we were started.
        return new WorkerCommand(OperatingSystem.IsLinux() ? "/proc/self/exe" : program, [Verb], RuntimeVariables());
    }

    public ProcessStartInfo StartInfo(int heapMib)
    {
        var info = new ProcessStartInfo(FileName, Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory) ?? "",
        };
        info.Environment.Clear();
        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        info.Environment["DOTNET_gcConcurrent"] = "0";
        info.Environment["DOTNET_GCHeapHardLimit"] = (heapMib * 1024L * 1024).ToString("x", CultureInfo.InvariantCulture);
        return info;
    }

    /// <summary>What a program that is not native needs to find its runtime, and to start quickly on it; no more.</summary>
    private static Dictionary<string, string> RuntimeVariables()
    {
        var variables = new Dictionary<string, string>
        {
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_EnableWriteXorExecute"] = "0",
        };
        foreach (var name in (string[])["DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"])
        {
            if (System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } root)
            {
                variables[name] = root;
            }
        }

        return variables;
    }
}
