namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>answer_run</c>.</summary>
internal sealed record AnswerRunArguments(string RunId, string InputId, bool? Approve = null, string? Answer = null);
