using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PolyClaw.Containers.Children;

/// <summary>JSON trees, without reflection.</summary>
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ChildJson : JsonSerializerContext;
