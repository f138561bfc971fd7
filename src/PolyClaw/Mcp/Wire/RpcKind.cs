namespace PolyClaw.Mcp.Wire;

/// <summary>What a JSON-RPC message is.</summary>
internal enum RpcKind
{
    /// <summary>Too broken to tell.</summary>
    Unknown,

    /// <summary>Has a method and an id: wants an answer.</summary>
    Request,

    /// <summary>Has a method and no id.</summary>
    Notification,

    /// <summary>Has a result or an error: answers a request of ours.</summary>
    Response,
}
