namespace PolyClaw.Mcp;

/// <summary>What a person said in the client's dialog; neither when they closed it.</summary>
internal sealed record PersonAnswer(bool? Approve, string? Text);
