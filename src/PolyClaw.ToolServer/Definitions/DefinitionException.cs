namespace PolyClaw.ToolServer.Definitions;

/// <summary>A definition that cannot be served. The message names the place, what is wrong there and what would be right.</summary>
internal sealed class DefinitionException(string path, string problem)
    : Exception($"bad definition: {path}: {problem}")
{
    public string Path { get; } = path;
}
