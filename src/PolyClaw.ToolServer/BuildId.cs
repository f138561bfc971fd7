using System.Reflection;

namespace PolyClaw.ToolServer;

/// <summary>Which build this is.</summary>
internal static class BuildId
{
    /// <summary>Version and, where it was built from a repository, commit: <c>0.1.0+9988a29…</c>.</summary>
    public static string Version { get; } =
        typeof(BuildId).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
