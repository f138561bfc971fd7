using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PolyClaw.Core.Schemas.Values;

/// <summary>The formats that are checked where a dialect asks for it. Others are notes to the reader.</summary>
internal static class Formats
{
    internal static bool Holds(string format, string text) => format switch
    {
        "ipv4" => IsIpv4(text),
        "ipv6" => text.Contains(':', StringComparison.Ordinal) && !text.AsSpan().ContainsAny("%[]/")
            && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6,
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date" => IsDate(text),
        _ => true,
    };

    private static bool IsIpv4(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 4 && parts.All(part =>
            part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0')
            && int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture) <= 255);
    }

    private static bool IsDate(string text) =>
        text.Length == 10 && text.All(c => char.IsAsciiDigit(c) || c == '-')
        && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
