using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Mcp.Wire;

/// <summary>Judges arguments by the house's schema validator; each tool's schema is compiled once.</summary>
internal sealed class SchemaArgumentsCheck : IToolArgumentsCheck
{
    private readonly ConditionalWeakTable<Tool, JsonSchema> _compiled = [];

    /// <inheritdoc/>
    /// <exception cref="SchemaException">The tool's own schema is broken: a fault of ours, not of the caller's.</exception>
    public IReadOnlyList<Fault> Check(Tool tool, JsonElement arguments)
    {
        var result = _compiled.GetValue(tool, static tool => JsonSchema.Compile(tool.InputSchema)).Validate(arguments);
        return result.Valid ? [] : [.. result.Faults.Select(fault => fault.ToFault())];
    }
}
