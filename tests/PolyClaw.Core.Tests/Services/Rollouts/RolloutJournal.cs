using System.Text.Json;
using System.Text.Json.Serialization;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

/// <summary>A state as it lies in the journal: by the journal's own settings, as strict.</summary>
internal static class RolloutJournal
{
    private static readonly RolloutJson Json = new(new JsonSerializerOptions(JournalJson.Default.Options));

    public static string Write(RolloutState state) => JsonSerializer.Serialize(state, Json.RolloutState);

    public static RolloutState Read(string text) => JsonSerializer.Deserialize(text, Json.RolloutState)!;
}

[JsonSerializable(typeof(RolloutState))]
internal sealed partial class RolloutJson : JsonSerializerContext;
