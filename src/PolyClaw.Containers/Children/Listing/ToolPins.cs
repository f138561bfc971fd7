namespace PolyClaw.Containers.Children.Listing;

/// <summary>
/// Remembers what each tool said it was when it was first seen. A tool that later says something else was approved as another one:
/// nothing of its server is called any more.
/// </summary>
internal sealed class ToolPins
{
    private readonly Dictionary<string, string> _digests = new(StringComparer.Ordinal);

    /// <summary>Pins tools that were known before this process.</summary>
    public ToolPins(IEnumerable<Core.Tools.ToolInfo> known)
    {
        foreach (var tool in known)
            _digests[tool.Name] = ToolListing.Digest(tool);
    }

    /// <summary>Compares a listing with what is pinned, and pins what is new in it.</summary>
    /// <returns>Names of the tools that changed.</returns>
    public IReadOnlyList<string> Compare(ToolListing listing)
    {
        var changed = new List<string>();
        foreach (var tool in listing.Tools)
        {
            var digest = ToolListing.Digest(tool.Info);
            if (_digests.TryAdd(tool.Info.Name, digest))
                continue;
            if (_digests[tool.Info.Name] != digest)
                changed.Add(tool.Info.Name);
        }

        return changed;
    }
}
