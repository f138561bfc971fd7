namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>How ToolServer is run on this machine.</summary>
/// <param name="File">Its program file, or its <c>.dll</c>.</param>
/// <param name="Dotnet">The <c>dotnet</c> program that runs the <c>.dll</c>; nothing for a program of its own.</param>
internal sealed record ToolServerProgram(string File, string? Dotnet)
{
    /// <summary>The command, program first.</summary>
    public IReadOnlyList<string> Command => Dotnet is null ? [File] : [Dotnet, File];
}
