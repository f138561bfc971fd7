namespace PolyClaw.Mcp.Wire;

/// <summary>Which object of a message a member stands in.</summary>
internal enum WireScope
{
    Other,
    Envelope,
    Params,
    Meta,
}

/// <summary>The members that the guards look at.</summary>
internal enum WireMember
{
    Other,
    JsonRpc,
    Id,
    Method,
    Params,
    Result,
    Error,
    Name,
    Uri,
    Arguments,
    Meta,
    RequestId,
    ProgressToken,
    ProtocolVersion,
}
