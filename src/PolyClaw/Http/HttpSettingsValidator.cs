using Microsoft.Extensions.Options;

namespace PolyClaw.Http;

/// <summary>Judges <see cref="HttpSettings"/> at start, each origin by its key.</summary>
internal sealed class HttpSettingsValidator : IValidateOptions<HttpSettings>
{
    private const string Right = "an origin is http:// or https://, a host in lower case and a port where it is not the usual one, with nothing after it: https://claw.example";

    public ValidateOptionsResult Validate(string? name, HttpSettings options)
    {
        var wrong = options.AllowedOrigins.Select((origin, i) => (origin, i)).Where(o => !IsOrigin(o.origin))
            .Select(o => $"Http:AllowedOrigins:{o.i} is '{o.origin}'; {Right}").ToList();
        if (options.AllowedOrigins.Count > HttpSettings.MostOrigins)
            wrong.Add($"Http:AllowedOrigins has {options.AllowedOrigins.Count} entries; at most {HttpSettings.MostOrigins} are taken");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>Only what a browser would send: anything else would never match and look allowed.</summary>
    private static bool IsOrigin(string text) =>
        text.All(char.IsAscii) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
        && uri.UserInfo.Length == 0 && uri.GetLeftPart(UriPartial.Authority) == text;
}
