using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyClaw.Core;

/// <summary>Writes an enum as <c>snake_case</c> text and refuses numbers.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
