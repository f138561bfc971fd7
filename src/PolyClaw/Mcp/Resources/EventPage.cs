using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Resources;

/// <summary>Events of a run.</summary>
/// <param name="Events">The events, oldest first.</param>
/// <param name="More">Set when there are more: <c>get_run</c> with <c>after</c> at this position returns them.</param>
internal sealed record EventPage(IReadOnlyList<EventView> Events, long? More = null);
