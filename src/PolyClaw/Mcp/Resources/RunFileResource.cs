using System.Text;
using System.Text.Unicode;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Resources;

/// <summary><c>polyclaw://runs/{id}/files/{name}</c>.</summary>
internal sealed class RunFileResource(Runs runs, BlobStore blobs) : SurfaceResource(
    "polyclaw://runs/{id}/files/{name}", "polyclaw://runs/", "", "run-file", "A file that a run made", "application/octet-stream")
{
    protected override bool Matches(string middle) => middle.Split('/') is [_, "files", _];

    protected override ResourceContents? Read(string middle, Principal principal, string uri)
    {
        var parts = middle.Split('/');
        var name = Uri.UnescapeDataString(parts[2]);
        return RunId.TryParse(parts[0], out var run)
            && runs.Find(principal.Tenant, run)?.Artifacts.FirstOrDefault(a => a.Name == name) is { } file
            && blobs.TryGet(file.Sha256, out var bytes)
                ? IsText(file.Mime) && Utf8.IsValid(bytes)
                    ? new TextResourceContents { Uri = uri, MimeType = file.Mime, Text = Encoding.UTF8.GetString(bytes) }
                    : BlobResourceContents.FromBytes(bytes, uri, file.Mime)
                : null;
    }

    private static bool IsText(string mime) => mime.StartsWith("text/", StringComparison.Ordinal) || mime is "image/svg+xml" or "application/json";
}
