namespace PolyClaw.Core.Servers;

/// <summary>What a host server's tools tell of the services that are placed on it.</summary>
public interface IHostFacts
{
    /// <summary>
    /// How they stand: a JSON object with <c>services</c>, a list whose items hold at least <c>name</c> (text) and <c>healthy</c> (true or false). At
    /// most 256 KiB. Answer from memory.
    /// </summary>
    /// <param name="tenant">Whose host.</param>
    /// <param name="host">The host server's name.</param>
    string StatusJson(string tenant, string host);

    /// <summary>The last lines that their replicas wrote. What is over 256 KiB is cut.</summary>
    /// <param name="tenant">Whose host.</param>
    /// <param name="host">The host server's name.</param>
    /// <param name="service">One service; nothing for all.</param>
    /// <param name="lines">How many lines of each replica. 1–1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<string> LogsAsync(string tenant, string host, string? service, int lines, CancellationToken cancellationToken);
}

/// <summary>Hosts on which nothing was placed.</summary>
public sealed class EmptyHosts : IHostFacts
{
    /// <inheritdoc/>
    public string StatusJson(string tenant, string host) => """{"services":[]}""";

    /// <inheritdoc/>
    public Task<string> LogsAsync(string tenant, string host, string? service, int lines, CancellationToken cancellationToken) =>
        Task.FromResult($"there are no services on {host}\n");
}
