using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>Finds ToolServer: where the settings say, else in <c>toolserver/</c> beside the app.</summary>
/// <param name="configured">The settings' <c>Runtime:ToolServerPath</c>; nothing for the usual place.</param>
/// <param name="appFolder">Where the app lies.</param>
/// <param name="variable">Reads an environment variable.</param>
/// <param name="processPath">This program's own file.</param>
internal sealed class ToolServerLocator(string? configured, string appFolder, Func<string, string?> variable, string? processPath)
{
    private const string Name = "polyclaw-toolserver";

    /// <summary>Looks for it.</summary>
    /// <param name="missing">Why there is none, and what would help.</param>
    public ToolServerProgram? Find(out Fault? missing)
    {
        missing = null;
        var folder = Path.Combine(appFolder, "toolserver");
        string[] places = configured is null ? [Path.Combine(folder, Native), Path.Combine(folder, Name + ".dll")] : [Path.GetFullPath(configured)];
        if (places.FirstOrDefault(File.Exists) is not { } file)
        {
            missing = new Fault(
                "toolserver_missing",
                $"ToolServer was not found at {string.Join(" or ", places)}",
                Fix: "publish it there, or set Runtime:ToolServerPath");
            return null;
        }

        if (Path.GetExtension(file) != ".dll")
            return new ToolServerProgram(file, null);
        if (Dotnet() is { } dotnet)
            return new ToolServerProgram(file, dotnet);
        missing = new Fault("toolserver_missing", $"{file} needs dotnet to run, and there is none on the PATH", Fix: "publish ToolServer as a native program");
        return null;
    }

    private static string Native => OperatingSystem.IsWindows() ? Name + ".exe" : Name;

    /// <summary>The <c>dotnet</c> program; nothing when there is none.</summary>
    public string? Dotnet()
    {
        var program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Path.GetFileName(processPath) == program)
            return processPath;
        var folders = (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = ((string?[])[variable("DOTNET_ROOT"), .. folders])
            .Where(folder => !string.IsNullOrEmpty(folder) && Path.IsPathRooted(folder))
            .Select(folder => Path.Combine(folder!, program))
            .FirstOrDefault(File.Exists);
        // A link's target: the runtime is looked for beside the real file, also inside a sandbox that has no link.
        return found is null ? null : File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found;
    }
}
