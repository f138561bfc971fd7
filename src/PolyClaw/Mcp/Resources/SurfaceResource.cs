using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Resources;

/// <summary>A resource under <c>polyclaw://</c> whose last parts are names.</summary>
internal abstract class SurfaceResource : McpServerResource
{
    private readonly string _prefix;
    private readonly string _suffix;

    protected SurfaceResource(string template, string prefix, string suffix, string name, string description, string mime)
    {
        (_prefix, _suffix) = (prefix, suffix);
        ProtocolResourceTemplate = new ResourceTemplate { UriTemplate = template, Name = name, Description = description, MimeType = mime };
    }

    public override ResourceTemplate ProtocolResourceTemplate { get; }

    public override IReadOnlyList<object> Metadata => [];

    public override bool IsMatch(string uri) =>
        uri.Length > _prefix.Length + _suffix.Length
        && uri.StartsWith(_prefix, StringComparison.Ordinal) && uri.EndsWith(_suffix, StringComparison.Ordinal)
        && Matches(uri[_prefix.Length..^_suffix.Length]);

    public override ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken = default)
    {
        var uri = request.Params.Uri;
        var contents = Read(uri[_prefix.Length..^_suffix.Length], Callers.Of(request), uri)
            ?? throw new McpProtocolException($"there is no resource {PlainUri(uri)}", McpErrorCode.InvalidParams);
        return ValueTask.FromResult(new ReadResourceResult { Contents = [contents] });
    }

    protected virtual bool Matches(string middle) => !middle.Contains('/', StringComparison.Ordinal);

    /// <summary>The contents, or nothing when the caller has no such thing.</summary>
    protected abstract ResourceContents? Read(string middle, Principal principal, string uri);

    protected static TextResourceContents Json(string uri, string json) => new() { Uri = uri, MimeType = "application/json", Text = json };

    private static string PlainUri(string uri) => new([.. uri.Take(200).Select(c => char.IsControl(c) ? '?' : c)]);
}
