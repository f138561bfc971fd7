using System.Runtime.InteropServices;
using System.Text.Json;

namespace PolyClaw.Core.Schemas.Values;

/// <summary>A property's name as a JSON string.</summary>
internal static class JsonName
{
    /// <summary>The name as it was written, escapes and all, in quotes.</summary>
    internal static ReadOnlyMemory<byte> Quote(JsonProperty property)
    {
        var name = JsonMarshal.GetRawUtf8PropertyName(property);
        var quoted = new byte[name.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        name.CopyTo(quoted.AsSpan(1));
        return quoted;
    }
}
