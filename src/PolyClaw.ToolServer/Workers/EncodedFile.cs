using System.Text;
using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Workers;

/// <summary>A file as its bytes, encoded once for all the calls that read it.</summary>
internal sealed record EncodedFile(string Name, ReadOnlyMemory<byte> Utf8)
{
    public static EncodedFile Of(FileDefinition file) => new(file.Name, Encoding.UTF8.GetBytes(file.Text));
}
