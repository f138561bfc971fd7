using PolyClaw.Mcp.Wire;

namespace PolyClaw.Http;

/// <summary>What MCP asks of headers and body together, where the protocol library asks for less.</summary>
internal static class EnvelopeRules
{
    private static readonly RpcFault Unasked = new(
        RpcCodes.InvalidRequest, "A response that nothing waits for.", null, "Answer inside the session that asked: send its Mcp-Session-Id.");

    private static readonly RpcFault NoHeader = new(
        RpcCodes.HeaderMismatch, "The body declares a protocol version and the headers do not.", null, "Send the header MCP-Protocol-Version with the same version.");

    /// <returns>The whole error to answer with, or null when the message may pass.</returns>
    public static byte[]? Judge(IHeaderDictionary headers, in RpcVerdict verdict)
    {
        var versions = headers["MCP-Protocol-Version"];
        var version = versions.Count == 0 ? null : versions.ToString().Trim();
        if (version is { Length: > 0 } && !ProtocolVersions.IsServed(version))
        {
            var requested = WireText.Shown(version, 64);
            return RpcErrors.UnsupportedVersion(
                verdict.Id, new RpcFault(RpcCodes.UnsupportedProtocolVersion, $"The protocol version '{requested}' is not supported."), requested);
        }

        if (version is null or "" && verdict.Version == ProtocolVersions.Current)
            return RpcErrors.Answer(verdict.Id, NoHeader);

        // Only a legacy session has requests of ours to answer.
        if (verdict.Kind == RpcKind.Response && (version == ProtocolVersions.Current || headers["Mcp-Session-Id"] is not [{ Length: > 0 }]))
            return RpcErrors.Answer(default, Unasked);
        return null;
    }
}
