using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning;

/// <summary>Judges a JSON value by a JSON Schema.</summary>
internal interface ISchemaCheck
{
    /// <summary>All faults; empty when the value is valid.</summary>
    /// <param name="schema">JSON Schema 2020-12.</param>
    /// <param name="instance">The value.</param>
    /// <param name="path">Where the value stands; put before each fault's own pointer.</param>
    IReadOnlyList<Fault> Check(JsonElement schema, JsonElement instance, string path);
}
