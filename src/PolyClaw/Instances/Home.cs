using System.Security.Cryptography;
using System.Text;
using PolyClaw.Core.Goals;

namespace PolyClaw.Instances;

/// <summary>Where one instance keeps its state: <c>POLYCLAW_HOME</c>, else <c>~/.polyclaw</c>. Readable by its user alone.</summary>
internal sealed class Home
{
    /// <summary>A Unix socket's path has at most 108 bytes, its end mark included.</summary>
    private const int LongestSocketPath = 107;

    private Home(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Tells this home's containers from those of another.</summary>
    /// <exception cref="HomeFaultException">The file it lies in is broken.</exception>
    public string Id => HomeId.Of(Folder, Path.Combine(Folder, "id"));

    public string Journal => Path.Combine(Folder, "journal.db");

    public string Blobs => Path.Combine(Folder, "blobs");

    public string Runs => Path.Combine(Folder, "runs");

    public string Settings => Path.Combine(Folder, "polyclaw.json");

    public string Log => Path.Combine(Folder, "instance.log");

    public string Token => Path.Combine(Folder, "token");

    /// <summary>The routes of a gateway that is a process of its own: what it starts with, whether or not an instance is there.</summary>
    public string Routes => Path.Combine(Folder, "gateway.json");

    /// <summary>Where the instance listens: in the home, or, if that path is too long for a socket, in a private folder named after it.</summary>
    public string Socket => SocketPath("instance.sock");

    /// <summary>Where a gateway that is a process of its own takes its routes.</summary>
    public string GatewaySocket => SocketPath("gateway.sock");

    private string SocketPath(string name)
    {
        var plain = Path.Combine(Folder, name);
        // The longer name decides, so that both lie in one folder.
        if (Encoding.UTF8.GetByteCount(Path.Combine(Folder, "instance.sock")) <= LongestSocketPath)
            return plain;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..16];
        var parent = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 and < 60 } runtime ? runtime : Path.GetTempPath();
        return Path.Combine(parent, $"polyclaw-{Environment.UserName}-{digest}", name);
    }

    /// <summary>The home at a folder, whatever the environment says.</summary>
    public static Home At(string folder) => new(Path.GetFullPath(folder));

    /// <summary>Opens the home, making it when it is missing.</summary>
    /// <exception cref="HomeFaultException">It cannot be written.</exception>
    public static Home Open()
    {
        var folder = Environment.GetEnvironmentVariable("POLYCLAW_HOME") is { Length: > 0 } set
            ? Path.GetFullPath(set)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".polyclaw");
        var home = new Home(folder);
        MakePrivate(folder);
        if (Path.GetDirectoryName(home.Socket) is { } room && room != folder)
        {
            MakePrivate(room);
            RequirePrivate(room);
        }

        return home;
    }

    /// <summary>Tries the home before an instance is started in it.</summary>
    /// <exception cref="HomeFaultException">It cannot be written.</exception>
    public void RequireWritable()
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(Folder, $".probe-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(Folder, e);
        }
    }

    private static void MakePrivate(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, e);
        }
    }

    /// <summary>A folder outside the home may have been laid there by somebody else, who would then own the socket.</summary>
    private static void RequirePrivate(string folder)
    {
        const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!OperatingSystem.IsWindows() && (new DirectoryInfo(folder).LinkTarget is not null || (File.GetUnixFileMode(folder) & Others) != 0))
            throw new HomeFaultException(new Fault(
                "socket_folder_open", $"the home's path is too long for a socket, and the folder used instead, {folder}, is open to others", "POLYCLAW_HOME",
                $"make that folder private (chmod 700), or set POLYCLAW_HOME to a path of at most {LongestSocketPath - "/instance.sock".Length} bytes"));
    }

    private static HomeFaultException Unwritable(string folder, Exception why) => new(new Fault(
        "home_unwritable", $"PolyClaw cannot keep its state in {folder}: {why.Message}", "POLYCLAW_HOME", "set POLYCLAW_HOME to a folder that this user may write"));
}
