namespace PolyClaw.Core.Policy;

/// <summary>Servers that run elsewhere.</summary>
public sealed class RemoteOptions
{
    /// <summary>Whether <c>http</c> may go further than this machine. Default false.</summary>
    public bool AllowPlainHttp { get; set; }
}
