using System.Runtime.InteropServices;
using System.Text.Json;

namespace PolyClaw.Core;

/// <summary>Strings that others wrote into JSON.</summary>
public static class JsonStrings
{
    /// <summary>
    /// Whether every string and name in a value is text. Half of a pair, such as <c>\ud800</c> alone, is valid JSON and can be neither read nor
    /// written again.
    /// </summary>
    /// <param name="value">Any JSON, as it was read.</param>
    public static bool AreText(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).IndexOf("\\u"u8) < 0 || CanBeRead(value);

    private static bool CanBeRead(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().All(p => p.Name is not null && CanBeRead(p.Value)),
                JsonValueKind.Array => value.EnumerateArray().All(CanBeRead),
                JsonValueKind.String => value.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
