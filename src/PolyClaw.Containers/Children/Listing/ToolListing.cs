using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Containers.Children.Wire;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Tools;

namespace PolyClaw.Containers.Children.Listing;

/// <summary>The tools of a child after our checks, and what was wrong with the others.</summary>
/// <param name="Tools">In the child's order.</param>
/// <param name="Warnings">What was left out, cut or taken out, and why.</param>
internal sealed record ToolListing(IReadOnlyList<ListedTool> Tools, IReadOnlyList<string> Warnings)
{
    /// <summary>Asks for the pages of a listing, as many as a sound server could need.</summary>
    /// <param name="page">Sends <c>tools/list</c> with these parameters.</param>
    /// <param name="cancellationToken">The time limit of the whole listing.</param>
    /// <exception cref="ChildFaultException">A page is not of the protocol's form.</exception>
    public static async Task<ToolListing> ReadAsync(Func<JsonObject, CancellationToken, Task<JsonElement>> page, CancellationToken cancellationToken)
    {
        var reader = new ListingReader();
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        for (var pages = 1; ; pages++)
        {
            var parameters = cursor is null ? [] : new JsonObject { ["cursor"] = cursor };
            var answer = await page(parameters, cancellationToken);
            if (!answer.TryGetProperty("tools"u8, out var tools) || tools.ValueKind != JsonValueKind.Array)
                throw new ChildFaultException(new Fault("child_listing_unusable", "the server's tools/list answer holds no array 'tools'"));
            if (!reader.Take(tools))
                break;
            if (!answer.TryGetProperty("nextCursor"u8, out var next) || next.ValueKind != JsonValueKind.String)
                break;
            cursor = next.GetString()!;
            if (!cursors.Add(cursor))
            {
                reader.Warnings.Add("the tool list repeats a page; the rest was not read");
                break;
            }

            if (pages == ChildLimits.Pages)
            {
                reader.Warnings.Add($"the tool list has more than {ChildLimits.Pages} pages; the rest was not read");
                break;
            }
        }

        return new ToolListing(reader.Sound(), reader.Warnings);
    }

    /// <summary>SHA-256 over everything of a tool that a reader or a gate goes by.</summary>
    public static string Digest(ToolInfo tool)
    {
        var hints = $"{tool.Name}\n{tool.Description}\n{tool.ReadOnly}{tool.Idempotent}{tool.Destructive}\n";
        byte[] bytes =
        [
            .. System.Text.Encoding.UTF8.GetBytes(hints),
            .. Core.CanonicalJson.Write(tool.InputSchema), (byte)'\n',
            .. tool.OutputSchema is { } output ? Core.CanonicalJson.Write(output) : [],
        ];
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
