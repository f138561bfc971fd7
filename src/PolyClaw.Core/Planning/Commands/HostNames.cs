using PolyClaw.Core.Names;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Names for host servers that were given none: <c>host-1</c>, or the location's name with a number.</summary>
internal sealed class HostNames
{
    private readonly HashSet<string> _taken;

    /// <param name="commands">The goal; names it gives are taken.</param>
    /// <param name="servers">The tenant's servers.</param>
    public HostNames(IEnumerable<Command> commands, IEnumerable<string> servers) =>
        _taken = [.. commands.Where(c => c.Verb is CommandVerb.CreateServer).Select(c => c.Target?.Text).OfType<string>(), .. servers];

    /// <summary>A name that is free, and taken from now on.</summary>
    /// <param name="location">Where the host will be; nothing for this machine.</param>
    public string Free(string? location)
    {
        // What is no name is refused as a location, by that word and not as a name that nobody wrote.
        var stem = location is not null && location.Length <= 56 && ServerName.Check(location, "") is null ? location : "host";
        var number = 1;
        while (!_taken.Add($"{stem}-{number}"))
            number++;
        return $"{stem}-{number}";
    }
}
