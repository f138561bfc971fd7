using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyClaw.ToolServer.Wire;

/// <summary>JSON between server and worker.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(JobHeader))]
[JsonSerializable(typeof(WorkerMessage))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Writes text as it is, not as \u escapes: the reader is our own, and a frame may be large.</summary>
    public static WireJson Plain => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
