using System.Text.Json;
using System.Text.Json.Serialization;
using PolyClaw.Core.Goals;

namespace PolyClaw.Instances;

/// <summary>The first line of every connection to an instance; the rest is MCP.</summary>
/// <param name="Build">Which build the client's program is: a <see cref="BuildId"/>.</param>
/// <param name="Role"><c>mcp</c> for a client's shim, <c>cli</c> for a person at a terminal.</param>
/// <param name="Folder">Working folder, for messages.</param>
/// <param name="Options">Its options: names, and digests of the values.</param>
internal sealed record Preface(string Build, string Role, string Folder, IReadOnlyDictionary<string, string> Options)
{
    public const string Mcp = "mcp";
    public const string Cli = "cli";

    /// <summary>Longest first line, in bytes.</summary>
    public const int Longest = 64 * 1024;

    public static Preface Of(string role) => new(BuildId.Current.ToString(), role, Environment.CurrentDirectory, GivenOptions.Current);
}

/// <summary>What the instance says to a preface.</summary>
/// <param name="Build">The instance's build.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Note">Something the person should know: other options are in force, another build runs.</param>
/// <param name="Yields">The instance ends, so that the caller's newer build takes its place; nothing follows.</param>
internal sealed record PrefaceAnswer(string Build, int Pid, string? Note = null, bool Yields = false);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(Preface))]
[JsonSerializable(typeof(PrefaceAnswer))]
[JsonSerializable(typeof(Fault))]
internal sealed partial class PrefaceJson : JsonSerializerContext
{
    public static byte[] Line(Preface preface) => [.. JsonSerializer.SerializeToUtf8Bytes(preface, Default.Preface), (byte)'\n'];

    public static byte[] Line(PrefaceAnswer answer) => [.. JsonSerializer.SerializeToUtf8Bytes(answer, Default.PrefaceAnswer), (byte)'\n'];
}
