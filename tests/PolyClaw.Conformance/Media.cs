using System.Text;
using ModelContextProtocol.Protocol;

namespace PolyClaw.Conformance;

/// <summary>A one-pixel picture and an empty sound, and how they are wrapped.</summary>
internal static class Media
{
    /// <summary>A red pixel as PNG, in base64.</summary>
    public static readonly byte[] Pixel = Encoding.ASCII.GetBytes(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    private static readonly byte[] Silence = Encoding.ASCII.GetBytes("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=");

    public static ImageContentBlock Image() => new() { Data = Pixel, MimeType = "image/png" };

    public static AudioContentBlock Audio() => new() { Data = Silence, MimeType = "audio/wav" };

    public static EmbeddedResourceBlock Resource(string uri, string mime, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = mime, Text = text } };
}
