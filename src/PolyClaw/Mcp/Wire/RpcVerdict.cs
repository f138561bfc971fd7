namespace PolyClaw.Mcp.Wire;

/// <summary>What <see cref="StrictJsonRpc"/> found out about one message.</summary>
/// <param name="Kind">What the message is, as far as it could be told.</param>
/// <param name="Id">Its id, where it is a valid one: also for a refused message, so that the sender can match the error.</param>
/// <param name="Fault">What is wrong with it; null when it may pass.</param>
/// <param name="Version">The protocol version that <c>params._meta</c> declares, else null.</param>
/// <param name="Cancels">The request that a <c>notifications/cancelled</c> names, else none.</param>
internal readonly record struct RpcVerdict(RpcKind Kind, RpcId Id, RpcFault? Fault, string? Version, RpcId Cancels)
{
    public bool IsGood => Fault is null;
}
