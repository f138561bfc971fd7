namespace PolyClaw.Http;

/// <summary>The access token file cannot be trusted or used.</summary>
internal sealed class AccessTokenException(string message, Exception? inner = null) : Exception(message, inner);
