namespace PolyClaw.Http;

/// <summary>Serving over HTTP: the settings under <c>Http</c>.</summary>
internal sealed class HttpSettings
{
    /// <summary>Most of <see cref="AllowedOrigins"/>.</summary>
    public const int MostOrigins = 64;

    /// <summary>
    /// Web origins that may call beside the server's own, as browsers write them (<c>https://claw.example</c>): that of a proxy on this machine
    /// through which a browser sees the server. Default none.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];
}
