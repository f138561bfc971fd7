using System.Text.Json;

namespace PolyClaw.Core;

/// <summary>Wire spellings.</summary>
public static class Wire
{
    /// <summary>An enum value as it stands on the wire: <c>rolling_back</c>.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    /// <param name="value">The value.</param>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
