using PolyClaw.Core.Planning.Drafts;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Turns a place in an envelope back into the line and column it was written at, or into a place in a spec file.</summary>
internal sealed class CommandPositions(TextPosition command) : IDraftPositions
{
    private readonly Dictionary<string, TextPosition> _places = [];
    private string? _specFile;

    public CommandPositions Add(string pointer, TextPosition? at)
    {
        if (at is { } position)
            _places[pointer] = position;
        return this;
    }

    /// <summary>All parameters that no command named stand in this file.</summary>
    public void InFile(string specFile) => _specFile = specFile;

    public string Of(string pointer)
    {
        for (var place = pointer; place.Length > 0; place = place[..place.LastIndexOf('/')])
        {
            if (_places.TryGetValue(place, out var at))
                return at.ToString();
        }

        const string Parameters = "/parameters/";
        return _specFile is not null && pointer.StartsWith(Parameters, StringComparison.Ordinal)
            ? $"{_specFile}: {pointer[(Parameters.Length - 1)..]}"
            : command.ToString();
    }
}
