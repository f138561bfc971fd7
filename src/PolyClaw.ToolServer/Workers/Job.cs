using System.Text.Json;
using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Wire;

namespace PolyClaw.ToolServer.Workers;

/// <summary>One call, ready to be sent: the frames a worker reads, and the limits its server keeps.</summary>
internal sealed record Job(ReadOnlyMemory<byte> Header, IReadOnlyList<EncodedFile> Files, LimitsDefinition Limits)
{
    public static Job Create(string code, string input, IReadOnlyList<EncodedFile> files, LimitsDefinition limits)
    {
        var header = new JobHeader(code, input, [.. files.Select(f => f.Name)], limits);
        return new Job(JsonSerializer.SerializeToUtf8Bytes(header, WireJson.Plain.JobHeader), files, limits);
    }
}
