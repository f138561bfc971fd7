using Microsoft.Extensions.Options;

namespace PolyClaw.Gateway;

/// <summary>Judges <see cref="NoticeOptions"/> at start; every message names the key.</summary>
internal sealed class NoticeOptionsValidator : IValidateOptions<NoticeOptions>
{
    public ValidateOptionsResult Validate(string? name, NoticeOptions options) =>
        options.Webhook is null || (Uri.TryCreate(options.Webhook, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Notices:Webhook is '{options.Webhook}'; it must be an http or https address");
}
