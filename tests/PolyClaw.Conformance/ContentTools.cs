using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Conformance;

/// <summary>One tool for each kind of content a result can hold.</summary>
internal sealed class ContentTools
{
    [McpServerTool(Name = "test_simple_text"), Description("Answers with text.")]
    public static string Text() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content"), Description("Answers with an image.")]
    public static ImageContentBlock Image() => Media.Image();

    [McpServerTool(Name = "test_audio_content"), Description("Answers with sound.")]
    public static AudioContentBlock Audio() => Media.Audio();

    [McpServerTool(Name = "test_embedded_resource"), Description("Answers with an embedded resource.")]
    public static EmbeddedResourceBlock Resource() =>
        Media.Resource("test://embedded-resource", "text/plain", "This is an embedded resource content.");

    [McpServerTool(Name = "test_multiple_content_types"), Description("Answers with text, an image and a resource.")]
    public static ContentBlock[] Mixed() =>
    [
        new TextContentBlock { Text = "Multiple content types test:" },
        Media.Image(),
        Media.Resource("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
    ];

    [McpServerTool(Name = "test_error_handling"), Description("Fails.")]
    public static string Fail() => throw new InvalidOperationException("This tool intentionally returns an error for testing");

    [McpServerTool(Name = "test_header_tool"), Description("Has a parameter that is mirrored in a header.")]
    public static string Header([McpHeader("Region"), Description("Where to run.")] string region, [Description("What to run.")] string query) =>
        $"Executed in region {region}: {query}";
}
