using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning;

/// <summary>Looks at JSON before anything is built from it: depth, and strings that are no valid Unicode.</summary>
internal static class JsonGuard
{
    /// <summary>The first thing wrong with a value, or nothing.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="maxDepth">Deepest nesting accepted.</param>
    /// <param name="path">How the value is named in the fault.</param>
    public static Fault? Check(JsonElement value, int maxDepth, string path) =>
        value.ValueKind is JsonValueKind.Undefined
            ? new Fault(PlanFault.BadParameters, "there is no value", path)
            : Check(JsonMarshal.GetRawUtf8Value(value), maxDepth, path);

    /// <summary>The first thing wrong with a JSON text, or nothing.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="maxDepth">Deepest nesting accepted.</param>
    /// <param name="path">How the text is named in the fault.</param>
    public static Fault? Check(ReadOnlySpan<byte> utf8, int maxDepth, string path)
    {
        // One above the limit, so that our fault and not the reader's names the depth.
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth > maxDepth
                    || (reader.CurrentDepth == maxDepth && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject))
                {
                    return new Fault(PlanFault.TooLarge, $"JSON is nested deeper than {maxDepth} levels", path, "flatten it");
                }

                if (reader.ValueIsEscaped)
                    _ = reader.GetString();
            }
        }
        catch (JsonException e)
        {
            return new Fault(PlanFault.BadParameters, $"not valid JSON: {Reason(e)}", path);
        }
        catch (InvalidOperationException)
        {
            return new Fault(PlanFault.BadText, "a string holds half of a surrogate pair", path, "use valid Unicode");
        }

        return null;
    }

    /// <summary>Reads a string unless it is no valid Unicode.</summary>
    /// <param name="value">A JSON string.</param>
    /// <param name="text">The text.</param>
    public static bool TryGetText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = value.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    /// <summary>Parses strictly: no comments, no trailing commas, no key twice.</summary>
    /// <param name="text">One JSON value.</param>
    /// <param name="maxDepth">Deepest nesting accepted.</param>
    /// <exception cref="JsonException">It is not one JSON value.</exception>
    public static JsonElement Parse(string text, int maxDepth = PlanLimits.Depth) => Parse(Encoding.UTF8.GetBytes(text), maxDepth);

    /// <summary>Parses strictly: no comments, no trailing commas, no key twice.</summary>
    /// <param name="utf8">One JSON value.</param>
    /// <param name="maxDepth">Deepest nesting accepted.</param>
    /// <exception cref="JsonException">It is not one JSON value.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, int maxDepth = PlanLimits.Depth) =>
        JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false });

    /// <summary>The parser's words without its position suffix, which we give in our own way.</summary>
    /// <param name="exception">What the parser threw.</param>
    public static string Reason(JsonException exception)
    {
        var message = exception.Message;
        var suffix = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (suffix < 0)
            suffix = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return PlainText.Clean(suffix < 0 ? message : message[..suffix], 300);
    }
}
