namespace PolyClaw.Models;

/// <summary>The planner's model: the settings under <c>Model</c>.</summary>
internal sealed class ModelOptions
{
    /// <summary><c>none</c> or <c>openai</c> (any compatible endpoint). Default: <c>openai</c> when there is a key or an endpoint, else <c>none</c>.</summary>
    public string? Provider { get; set; }

    /// <summary>Base address of an OpenAI-compatible API, for example <c>http://127.0.0.1:11434/v1</c>. Default: OpenAI's.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The model's name. Default <c>gpt-4.1-mini</c>.</summary>
    public string Name { get; set; } = "gpt-4.1-mini";

    /// <summary>The environment variable that holds the key. Default <c>OPENAI_API_KEY</c>. The key itself never lies in the settings.</summary>
    public string KeyVariable { get; set; } = "OPENAI_API_KEY";

    /// <summary>Seconds one answer may take from the first attempt to its last word, retries included. 5–600, default 120.</summary>
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>The key, read anew each time; nothing when the variable is not set.</summary>
    public string? Key => string.IsNullOrWhiteSpace(KeyVariable) ? null : Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null;

    /// <summary>Whether there is a model to plan with. <c>none</c> wins over a key that happens to be set.</summary>
    public bool IsConfigured => Provider switch
    {
        "none" => false,
        "openai" => true,
        _ => Key is not null || Endpoint is not null,
    };
}
