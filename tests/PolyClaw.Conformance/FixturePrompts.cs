using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Conformance;

/// <summary>The prompts that the suite gets by name.</summary>
internal sealed class FixturePrompts
{
    [McpServerPrompt(Name = "test_simple_prompt"), Description("A prompt without arguments.")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments"), Description("A prompt with two arguments.")]
    public static string WithArguments([Description("The first.")] string arg1, [Description("The second.")] string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource"), Description("A prompt that carries a resource.")]
    public static PromptMessage[] WithResource([Description("The resource's URI.")] string resourceUri) =>
        [Says(Media.Resource(resourceUri, "text/plain", "Embedded resource content for testing.")), Says("Please process the embedded resource above.")];

    [McpServerPrompt(Name = "test_prompt_with_image"), Description("A prompt that carries an image.")]
    public static PromptMessage[] WithImage() => [Says(Media.Image()), Says("Please analyze the image above.")];

    [McpServerPrompt(Name = "test_input_required_result_prompt"), Description("A prompt that asks for its context first.")]
    public static PromptMessage[] WithInput(RequestContext<GetPromptRequestParams> request) =>
        request.Params.InputResponses?.TryGetValue("user_context", out var answer) is true
            ? [Says($"Please go on in this context: {Questions.FieldOf(answer, "context")}")]
            : throw new InputRequiredException(new Dictionary<string, InputRequest>
            {
                ["user_context"] = Questions.Text("What context should the prompt use?", "context"),
            });

    private static PromptMessage Says(string text) => Says(new TextContentBlock { Text = text });

    private static PromptMessage Says(ContentBlock content) => new() { Role = Role.User, Content = content };
}
