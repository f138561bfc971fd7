namespace PolyClaw.Gateway;

/// <summary>Where notices of services are sent: the settings under <c>Notices</c>.</summary>
internal sealed class NoticeOptions
{
    /// <summary>An http or https address that takes a POST with JSON for each notice. Default none: notices stand in the log alone.</summary>
    public string? Webhook { get; set; }

    /// <summary>
    /// Key of the signature: the header <c>X-PolyClaw-Signature</c> is <c>sha256=</c> and the HMAC-SHA256 of the body in hex, as GitHub's webhooks
    /// do it. Default none: not signed.
    /// </summary>
    public string? Secret { get; set; }
}
