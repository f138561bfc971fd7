using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.ToolServer.Serving;

/// <summary>What the caller's revision of the protocol allows.</summary>
internal static class ProtocolEra
{
    private const string VersionKey = "io.modelcontextprotocol/protocolVersion";
    private const string FirstWithAnyStructuredContent = "2026-07-28";

    /// <summary>Whether structured content may be any JSON value; before, it had to be an object.</summary>
    public static bool TakesAnyStructuredContent(RequestContext<CallToolRequestParams> request)
    {
        // The newest era says its revision with each request, the older ones once for the session. They sort as text.
        var version = request.Params?.Meta?[VersionKey] is JsonValue value && value.TryGetValue<string>(out var own)
            ? own
            : request.Server.NegotiatedProtocolVersion;
        return string.CompareOrdinal(version, FirstWithAnyStructuredContent) >= 0;
    }
}
