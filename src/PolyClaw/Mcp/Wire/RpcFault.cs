namespace PolyClaw.Mcp.Wire;

/// <summary>Why a message is refused, in the terms of a JSON-RPC error.</summary>
/// <param name="Code">The JSON-RPC error code.</param>
/// <param name="Message">What was wrong, free of what the sender wrote unless it is printable and short.</param>
/// <param name="Path">JSON pointer to what was wrong, where there is such a place.</param>
/// <param name="Fix">What would be right.</param>
internal sealed record RpcFault(int Code, string Message, string? Path = null, string? Fix = null);
