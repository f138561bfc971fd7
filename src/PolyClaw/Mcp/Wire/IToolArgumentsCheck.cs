using System.Text.Json;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Wire;

/// <summary>Judges a call's arguments by the tool's input schema. Stands at the wall to the schema validator.</summary>
internal interface IToolArgumentsCheck
{
    /// <summary>Everything wrong with the arguments; empty when nothing is.</summary>
    /// <param name="tool">The tool that is about to be called.</param>
    /// <param name="arguments">The call's <c>arguments</c>; an empty object when there were none.</param>
    IReadOnlyList<Fault> Check(Tool tool, JsonElement arguments);
}
