namespace PolyClaw.Core.Services;

/// <summary>Asks a service as its clients do.</summary>
public interface IServiceProbe
{
    /// <summary>Sends GET requests one after another.</summary>
    /// <param name="address">Where the service answers.</param>
    /// <param name="path">The path, with a leading slash.</param>
    /// <param name="requests">How many. 1–1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ProbeResult> AskAsync(Uri address, string path, int requests, CancellationToken cancellationToken);
}

/// <summary>What requests came to.</summary>
/// <param name="Sent">How many were sent.</param>
/// <param name="Good">How many were answered with a status below 400.</param>
/// <param name="P95">95 % of them took at most this.</param>
/// <param name="FirstFault">What was wrong with the first bad one.</param>
public sealed record ProbeResult(int Sent, int Good, TimeSpan P95, string? FirstFault);
