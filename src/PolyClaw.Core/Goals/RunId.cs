using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyClaw.Core.Goals;

/// <summary>Names one attempt at a goal: <c>run_</c> and 128 random bits, base64url. Unguessable, so it may be handed to a client.</summary>
[JsonConverter(typeof(RunIdConverter))]
public readonly record struct RunId
{
    private const string Prefix = "run_";
    private const int EncodedLength = 22;

    private RunId(string value) => Value = value;

    /// <summary>The whole id, prefix included.</summary>
    public string Value { get; }

    /// <summary>Makes a fresh id.</summary>
    public static RunId New()
    {
        Span<byte> bits = stackalloc byte[16];
        RandomNumberGenerator.Fill(bits);
        return new RunId(Prefix + Base64Url.EncodeToString(bits));
    }

    /// <summary>Reads an id as it stands in a request. Nothing is trimmed or repaired.</summary>
    /// <param name="text">The text, for example <c>run_3q2-7wAAAAAAAAAAAAAAAA</c>.</param>
    /// <param name="id">The id when the text is one.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out RunId id)
    {
        var isId = text is { Length: 4 + EncodedLength }
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Base64Url.IsValid(text.AsSpan(Prefix.Length));
        id = isId ? new RunId(text!) : default;
        return isId;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    internal sealed class RunIdConverter : JsonConverter<RunId>
    {
        public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var id) ? id : throw new JsonException("a run id looks like run_ and 22 characters");

        public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }
}
