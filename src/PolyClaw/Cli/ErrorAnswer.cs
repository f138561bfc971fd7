using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>How a command that failed answers under <c>--json</c>.</summary>
internal sealed record ErrorAnswer(Fault Error);
