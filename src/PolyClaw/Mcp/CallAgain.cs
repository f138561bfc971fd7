using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp;

/// <summary>A call that came again because an earlier round of it asked the person something.</summary>
/// <param name="Run">The run that asked.</param>
/// <param name="InputId">Its question.</param>
/// <param name="Answer">What the person did; nothing when the client brings no answer yet.</param>
internal sealed record CallAgain(RunId Run, string InputId, PersonAnswer? Answer);
