using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyClaw.Core.Servers;

/// <summary>Where a child server comes from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Image), "image")]
[JsonDerivedType(typeof(Tools), "tools")]
[JsonDerivedType(typeof(Remote), "remote")]
[JsonDerivedType(typeof(Host), "host")]
public abstract record ServerSource
{
    private ServerSource() { }

    /// <summary>The wire name of this kind.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }

    /// <summary>An image that speaks MCP on stdio. Needs a container engine.</summary>
    /// <param name="Reference">Image reference, by digest where policy asks for it.</param>
    /// <param name="Args">Arguments after the image's entry point; an argv, never a shell line.</param>
    public sealed record Image([property: JsonPropertyName("image")] string Reference, IReadOnlyList<string>? Args = null) : ServerSource
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Kind => "image";
    }

    /// <summary>Tool code that ToolServer runs, each call in a worker of its own.</summary>
    /// <param name="Definitions">The tools; 1–64.</param>
    /// <param name="Files">Files that the code may read by name through <c>host.readText</c>.</param>
    public sealed record Tools(
        [property: JsonPropertyName("tools")] IReadOnlyList<ToolCode> Definitions,
        IReadOnlyList<ServerFile>? Files = null) : ServerSource
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Kind => "tools";
    }

    /// <summary>A server that runs elsewhere and speaks MCP over streamable HTTP.</summary>
    /// <param name="Url">Absolute http or https address of the MCP endpoint.</param>
    public sealed record Remote(string Url) : ServerSource
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Kind => "remote";
    }

    /// <summary>A place with capacity, on which services are put: it tells how they are.</summary>
    public sealed record Host : ServerSource
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Kind => "host";
    }
}

/// <summary>One tool and the code behind it.</summary>
/// <param name="Name">Tool name, <c>^[A-Za-z0-9_.-]{1,128}$</c>.</param>
/// <param name="Description">What it does, for the model that chooses; at most 8 KiB.</param>
/// <param name="InputSchema">JSON Schema of the arguments; its type is object.</param>
/// <param name="Code">One function expression, <c>(input, host) =&gt; output</c>, sync or async; at most 100 KB.</param>
/// <param name="Language">Only <c>javascript</c> so far.</param>
/// <param name="OutputSchema">JSON Schema of the result, checked when given.</param>
/// <param name="Examples">Calls that must work before the server counts as ready.</param>
public sealed record ToolCode(
    string Name,
    string Description,
    JsonElement InputSchema,
    string Code,
    string Language = "javascript",
    JsonElement? OutputSchema = null,
    IReadOnlyList<ToolExample>? Examples = null);

/// <summary>An example call: an input and, if known, the output it must give.</summary>
/// <param name="Input">Arguments.</param>
/// <param name="Output">Expected structured result; compared by value when given.</param>
public sealed record ToolExample(JsonElement Input, JsonElement? Output = null);

/// <summary>A file handed to a child server. Exactly one of the two contents is given.</summary>
/// <param name="Name">The name the tool code uses.</param>
/// <param name="Text">The content itself.</param>
/// <param name="From">The name of a file that came with the goal.</param>
public sealed record ServerFile(string Name, string? Text = null, string? From = null);
