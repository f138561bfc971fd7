using System.Globalization;
using System.Text.Json;

namespace PolyClaw.Mcp.Wire;

/// <summary>The id of a request: an integer of at most 53 bits or a short string; none for the default value.</summary>
internal readonly record struct RpcId
{
    private readonly long _number;
    private readonly bool _isNumber;

    public RpcId(long number) => (_number, _isNumber) = (number, true);

    public RpcId(string text) => Text = text;

    /// <summary>The text of a string id, else null.</summary>
    public string? Text { get; }

    /// <summary>Whether there is an id at all.</summary>
    public bool IsPresent => _isNumber || Text is not null;

    /// <summary>Writes the id as it stood in the request; <c>null</c> for none.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        if (_isNumber)
            writer.WriteNumberValue(_number);
        else
            writer.WriteStringValue(Text);
    }

    /// <inheritdoc/>
    public override string ToString() => _isNumber ? _number.ToString(CultureInfo.InvariantCulture) : Text ?? "none";
}
