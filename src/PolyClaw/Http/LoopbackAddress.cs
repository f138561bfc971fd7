using System.Net;

namespace PolyClaw.Http;

/// <summary>Reads where to listen. Plain HTTP is served on loopback alone.</summary>
internal static class LoopbackAddress
{
    private const string Right = "Use 127.0.0.1:PORT, [::1]:PORT, localhost:PORT or a port alone.";

    /// <summary>Reads <c>127.0.0.1:8484</c>, <c>[::1]:8484</c>, <c>localhost:8484</c>, <c>8484</c>, or one of them behind <c>http://</c>.</summary>
    /// <exception cref="FormatException">It is no address, or not a loopback one; the message says what would be right.</exception>
    public static IPEndPoint Parse(string address)
    {
        var text = address.Trim();
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            text = text["http://".Length..].TrimEnd('/');
        if (text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase))
            text = "127.0.0.1:" + text["localhost:".Length..];
        else if (ushort.TryParse(text, out var port))
            return new IPEndPoint(IPAddress.Loopback, port);

        // TryParse takes a bare IPv4 or IPv6 address for one with port 0: a port must be said.
        if (!IPEndPoint.TryParse(text, out var endpoint) || !text.EndsWith($":{endpoint.Port}", StringComparison.Ordinal)
            || (endpoint.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && !text.StartsWith('[')))
            throw new FormatException($"'{address}' is no address to listen on. {Right}");
        Require(endpoint);
        return endpoint;
    }

    /// <summary>Refuses every address that another machine could reach.</summary>
    /// <exception cref="FormatException">Not a loopback address.</exception>
    public static void Require(IPEndPoint endpoint)
    {
        if (!IPAddress.IsLoopback(endpoint.Address))
            throw new FormatException(
                $"{endpoint} can be reached from other machines, and plain HTTP would show them the token. {Right} "
                + "To reach it from elsewhere, forward the port over ssh or put a TLS proxy in front.");
    }
}
