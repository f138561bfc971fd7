namespace PolyClaw.Mcp.Wire;

/// <summary>Error codes of JSON-RPC 2.0 and of MCP that the guards answer with.</summary>
internal static class RpcCodes
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    /// <summary>A header and the body disagree, or a header the body asks for is missing (MCP 2026-07-28).</summary>
    public const int HeaderMismatch = -32020;

    /// <summary>The protocol version asked for is not served (MCP 2026-07-28).</summary>
    public const int UnsupportedProtocolVersion = -32022;

    /// <summary>Refused before JSON-RPC was looked at: host, origin, token, media type, size. Ours.</summary>
    public const int Refused = -32010;

    /// <summary>Over a rate or concurrency limit; try again later. Ours.</summary>
    public const int TooManyRequests = -32011;
}
