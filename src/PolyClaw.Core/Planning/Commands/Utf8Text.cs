using System.Text;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>A text as UTF-8, to be read from places further and further on: encoded and counted through once, however many places are asked for.</summary>
internal sealed class Utf8Text(string text)
{
    private byte[]? _bytes;
    private int _chars, _at;

    /// <summary>The bytes from a place in the text to its end.</summary>
    /// <param name="offset">The place in characters; not before the one asked for last, nor inside a surrogate pair.</param>
    public ReadOnlySpan<byte> From(int offset)
    {
        _bytes ??= Encoding.UTF8.GetBytes(text);
        _at += Encoding.UTF8.GetByteCount(text.AsSpan(_chars, offset - _chars));
        _chars = offset;
        return _bytes.AsSpan(_at);
    }
}
