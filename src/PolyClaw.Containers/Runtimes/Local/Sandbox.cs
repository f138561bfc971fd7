using System.Globalization;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>
/// Writes the bubblewrap command: namespaces of its own, no network, no capability, a root that holds ToolServer and nothing else
/// of the host but, for a ToolServer that is not static, the libraries it needs.
/// </summary>
internal sealed class Sandbox(string bwrap)
{
    private const int TmpBytes = 64 * 1024 * 1024;

    // No host path in it: what the static program is called inside.
    private const string ProgramInside = "/polyclaw-toolserver";

    /// <summary>The command that runs ToolServer inside.</summary>
    public IReadOnlyList<string> Command(ToolServerProgram program, IReadOnlyDictionary<string, string> environment)
    {
        var command = new List<string> { bwrap };
        command.AddRange(Walls);
        foreach (var (name, value) in environment)
            command.AddRange(["--setenv", name, value]);
        command.AddRange(["--proc", "/proc", "--dev", "/dev"]);
        command.AddRange(["--size", TmpBytes.ToString(CultureInfo.InvariantCulture), "--tmpfs", "/tmp"]);
        command.AddRange(program.Dotnet is null
            ? ["--ro-bind", program.File, ProgramInside]
            : [.. SystemLibraries, .. Folder(program.Dotnet), .. Folder(program.File)]);
        command.AddRange(["--remount-ro", "/", "--chdir", "/tmp", "--"]);
        command.AddRange(program.Dotnet is null ? [ProgramInside] : program.Command);
        return command;
    }

    /// <summary>A command that ends with 0 when this machine lets bubblewrap do its work.</summary>
    public IReadOnlyList<string> ProbeCommand() =>
        [bwrap, .. Walls, "--proc", "/proc", "--dev", "/dev", .. SystemLibraries, "--remount-ro", "/", "--", "/usr/bin/true"];

    private static IEnumerable<string> Walls =>
    [
        "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--clearenv",
        "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox",
    ];

    // The loader and libc; merged /usr everywhere that has bubblewrap 0.8.
    private static IEnumerable<string> SystemLibraries =>
    [
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--symlink", "usr/bin", "/bin", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
    ];

    private static string[] Folder(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        return folder == "/usr" || folder.StartsWith("/usr/", StringComparison.Ordinal) ? [] : ["--ro-bind", folder, folder];
    }
}
