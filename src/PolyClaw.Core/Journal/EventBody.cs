using System.Security.Cryptography;
using System.Text.Json;

namespace PolyClaw.Core.Journal;

/// <summary>An event as bytes: what is stored, hashed and called by its wire kind, whatever the class is called one day.</summary>
internal sealed record EventBody(JournalEvent Event, string Kind, byte[] Bytes, byte[] Digest)
{
    public static EventBody Of(JournalEvent what)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(what, JournalJson.Default.JournalEvent);
        return new EventBody(what, KindOf(bytes), bytes, SHA256.HashData(bytes));
    }

    /// <summary>The serializer writes the discriminator first.</summary>
    private static string KindOf(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        reader.Read();
        if (!reader.ValueTextEquals("kind"u8))
            throw new System.Diagnostics.UnreachableException();
        reader.Read();
        return reader.GetString()!;
    }
}
