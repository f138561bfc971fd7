using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Wire;

/// <summary>
/// The first frame of a job: what to run. One frame of UTF-8 text follows for each of <paramref name="Files"/>, in their order.
/// </summary>
/// <param name="Code">The tool's function expression.</param>
/// <param name="Input">JSON text of the input; the engine parses it, so no value crosses the boundary as anything but text.</param>
/// <param name="Files">Names of the files the code may read.</param>
/// <param name="Limits">What the call may use.</param>
internal sealed record JobHeader(string Code, string Input, IReadOnlyList<string> Files, LimitsDefinition Limits);
