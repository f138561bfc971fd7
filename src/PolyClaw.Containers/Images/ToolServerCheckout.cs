using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Containers.Images;

/// <summary>The source checkout that the app runs from, as <c>dotnet run</c> does.</summary>
/// <param name="Root">Its root folder.</param>
internal sealed record ToolServerCheckout(string Root)
{
    private const string Folder = "src/PolyClaw.ToolServer";

    private static readonly string[] Shared = ["Directory.Build.props", "Directory.Packages.props", "global.json"];

    /// <summary>ToolServer's project file.</summary>
    public string Project => Path.Combine(Root, Folder, "PolyClaw.ToolServer.csproj");

    /// <summary>How it is built inside an SDK's image; the context is <see cref="Root"/>.</summary>
    public string Dockerfile => Path.Combine(Root, Folder, "Dockerfile");

    /// <summary>Looks for it from a folder upwards.</summary>
    /// <param name="folder">Where the app lies.</param>
    public static ToolServerCheckout? Find(string folder)
    {
        for (var here = new DirectoryInfo(folder); here is not null; here = here.Parent)
        {
            if (File.Exists(Path.Combine(here.FullName, "PolyClaw.slnx")))
                return new ToolServerCheckout(here.FullName) is var found && File.Exists(found.Project) ? found : null;
        }

        return null;
    }

    /// <summary>A short name for what would be published: 32 hex digits over ToolServer's sources, the settings of its build and its machine.</summary>
    /// <param name="runtimeIdentifier">The machine.</param>
    /// <exception cref="IOException">A source cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A source may not be read.</exception>
    public string Digest(string runtimeIdentifier)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{runtimeIdentifier}\n{Environment.Version}\n"));
        foreach (var name in Sources().Concat(Shared).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(Root, name);
            if (!File.Exists(path))
                continue;
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private IEnumerable<string> Sources() =>
        new DirectoryInfo(Path.Combine(Root, Folder)).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Extension is ".cs" or ".csproj")
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(name => !name.StartsWith(Folder + "/bin/", StringComparison.Ordinal) && !name.StartsWith(Folder + "/obj/", StringComparison.Ordinal));
}
