using System.Globalization;
using System.Text;
using PolyClaw.Containers.Engines;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers;

/// <summary>
/// The other end of an instance's life line. A container whose attach stream ends gets end of input and nothing more; one that ignores it would
/// outlive an instance that was killed and never came back. So a second process holds a pipe of the instance's, and when that breaks without a
/// farewell removes what the dead one held.
/// </summary>
public static class Watchdog
{
    /// <summary>What an instance says before it goes in good order.</summary>
    internal const char Farewell = '.';

    private const int Tries = 6;
    private const int LongestLine = 4096;
    private static readonly TimeSpan TryPause = TimeSpan.FromSeconds(10);

    /// <summary>Watches until the instance has said farewell, or has died and what it held is removed.</summary>
    /// <param name="lifeline">
    /// Six lines first: the engine's address, the lease, the milliseconds to wait, and for mutual TLS the paths of the authorities, the certificate and
    /// its key, else three empty ones; then nothing but a farewell.
    /// </param>
    /// <param name="clock">Time.</param>
    /// <param name="cancellationToken">Gives up watching.</param>
    /// <returns>Whether nothing is left.</returns>
    public static async Task<bool> RunAsync(Stream lifeline, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lifeline);
        ArgumentNullException.ThrowIfNull(clock);
        using var said = new StreamReader(lifeline, Encoding.UTF8);
        if (!Uri.TryCreate(await LineAsync(said, cancellationToken), UriKind.Absolute, out var address)
            || await LineAsync(said, cancellationToken) is not { Length: > 0 } lease
            || !int.TryParse(await LineAsync(said, cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var wait)
            || await LineAsync(said, cancellationToken) is not { } authorities
            || await LineAsync(said, cancellationToken) is not { } certificate
            || await LineAsync(said, cancellationToken) is not { } key)
            return false;
        var one = new char[1];
        if (await said.ReadAsync(one, cancellationToken) == 1)
            return one[0] == Farewell;
        await Task.Delay(TimeSpan.FromMilliseconds(wait), clock, cancellationToken);
        return await RemoveAsync(new DockerEndpoint(address, "the watched instance", authorities.Length == 0 ? null : new EngineTls(authorities, certificate, key)), lease, clock, cancellationToken);
    }

    /// <summary>What an instance tells its watchdog first.</summary>
    internal static byte[] Opening(DockerEndpoint endpoint, string lease, TimeSpan wait) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{endpoint.Address}\n{lease}\n{(long)wait.TotalMilliseconds}\n{endpoint.Tls?.CaFile}\n{endpoint.Tls?.CertFile}\n{endpoint.Tls?.KeyFile}\n"));

    // The engine may be on its way up again, with the machine or by itself.
    private static async Task<bool> RemoveAsync(DockerEndpoint endpoint, string lease, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            using var engine = new DockerEngine(endpoint, new DockerDeadlines(), clock);
            try
            {
                await engine.NegotiateAsync(cancellationToken);
                foreach (var left in await engine.ListContainersAsync($"{DockerLabels.Lease}={lease}", cancellationToken))
                    await engine.RemoveAsync(left.ID, cancellationToken);
                return true;
            }
            catch (RuntimeFaultException) when (tried < Tries)
            {
                await Task.Delay(TryPause, clock, cancellationToken);
            }
            catch (RuntimeFaultException)
            {
                // Nobody hears a watchdog; what is left bears the instance's label, for whoever starts it next.
                return false;
            }
        }
    }

    private static async Task<string?> LineAsync(StreamReader said, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new char[1];
        while (await said.ReadAsync(one, cancellationToken) == 1 && line.Length < LongestLine)
        {
            if (one[0] == '\n')
                return line.ToString();
            line.Append(one[0]);
        }

        return null;
    }
}
