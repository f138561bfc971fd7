using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using ModelContextProtocol.Protocol;

namespace PolyClaw.Containers.Children.Wire;

/// <summary>
/// The envelope of one line from a child, read without building anything of its content: what the line is, whose answer it is,
/// and whether its content may be looked at.
/// </summary>
internal readonly record struct ChildMessage(RequestId Id, string? Method, Range? Params, Range? Result, Range? Error, string? Defect)
{
    /// <summary>Whether the child gave an id other than null.</summary>
    public bool HasId => Id.Id is not null;

    /// <summary>Reads a line. What is no JSON-RPC message at all is refused; what is one with unusable content carries its <see cref="Defect"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out ChildMessage message)
    {
        message = default;
        if (!Utf8.IsValid(line))
            return false;
        try
        {
            return TryReadEnvelope(line, out message);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryReadEnvelope(ReadOnlySpan<byte> line, out ChildMessage message)
    {
        message = default;
        // Depth is counted here, not by the reader: a too deep line must still give its id, so that its call fails at once.
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = int.MaxValue });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;

        RequestId id = default;
        string? method = null, defect = null;
        Range? parameters = null, result = null, error = null;
        var version = false;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // A name that cannot be read is no name of ours, but the line still tells whose answer it is.
            var named = IsSound(ref reader);
            if (!named)
                defect ??= "a name in it holds half of a surrogate pair";
            var field = named ? FieldOf(ref reader) : 0;
            if (field != 0 && (seen & field) != 0)
                return false;
            seen |= field;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            switch (field)
            {
                case 1 when reader.TokenType == JsonTokenType.String && IsSound(ref reader) && reader.ValueTextEquals("2.0"u8):
                    version = true;
                    break;
                case 2 when reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number):
                    id = new RequestId(number);
                    break;
                case 2 when reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= 128 && IsSound(ref reader):
                    id = new RequestId(reader.GetString()!);
                    break;
                case 4 when reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= 256 && IsSound(ref reader):
                    method = reader.GetString();
                    break;
                case 1 or 4:
                    return false;
                default:
                    // Walked in any case: the walk is what brings the reader to the value's end.
                    var inside = Walk(ref reader);
                    defect ??= inside;
                    break;
            }

            var value = start..(int)reader.BytesConsumed;
            if (field == 8)
                parameters = value;
            else if (field == 16)
                result = value;
            else if (field == 32)
                error = value;
        }

        while (reader.Read()) { }
        message = new ChildMessage(id, method, parameters, result, error, defect);
        return version && (method is not null || (result is null) != (error is null));
    }

    // Walks over one value to its end, and says what is wrong inside it.
    private static string? Walk(ref Utf8JsonReader reader)
    {
        string? defect = null;
        var level = reader.CurrentDepth;
        while (true)
        {
            if (reader.CurrentDepth > ChildLimits.Depth)
                defect ??= $"it is nested more than {ChildLimits.Depth} levels deep";
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsSound(ref reader))
                defect ??= "a text in it holds half of a surrogate pair";
            if (reader.CurrentDepth <= level && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                return defect;
            if (!reader.Read())
                return defect;
        }
    }

    // Only an escape can hide a lone surrogate, since the bytes were seen to be UTF-8.
    private static bool IsSound(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return true;
        var scratch = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            reader.CopyString(scratch);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static int FieldOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("jsonrpc"u8) ? 1
        : reader.ValueTextEquals("id"u8) ? 2
        : reader.ValueTextEquals("method"u8) ? 4
        : reader.ValueTextEquals("params"u8) ? 8
        : reader.ValueTextEquals("result"u8) ? 16
        : reader.ValueTextEquals("error"u8) ? 32
        : 0;
}
