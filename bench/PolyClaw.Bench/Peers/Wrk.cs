using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PolyClaw.Bench.Peers;

/// <summary>What <c>wrk</c> saw of an address.</summary>
/// <param name="PerSecond">Requests answered in a second.</param>
/// <param name="MedianMs">Half of them took at most this.</param>
internal sealed partial record Wrk(double PerSecond, double MedianMs)
{
    /// <summary>Loads an address for a while; every answer has to be good.</summary>
    /// <param name="program">Path of wrk.</param>
    /// <param name="address">What is asked for.</param>
    /// <param name="threads">Its threads.</param>
    /// <param name="connections">Requests in flight.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Wrk> RunAsync(string program, Uri address, int threads, int connections, int seconds, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["-t", $"{threads}", "-c", $"{connections}", "-d", $"{seconds}s", "--latency", address.ToString()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start");
        var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0 || Failures().IsMatch(text) || PerSecondLine().Match(text) is not { Success: true } rate || MedianLine().Match(text) is not { Success: true } median)
            throw new InvalidOperationException($"wrk at {address} says: {text}");
        return new Wrk(Number(rate.Groups[1].Value), Number(median.Groups[1].Value) * (median.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1_000 }));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Requests/sec:\s+([0-9.]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex PerSecondLine();

    [GeneratedRegex(@"^\s+50%\s+([0-9.]+)(us|ms|s)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex MedianLine();

    [GeneratedRegex("Non-2xx|Socket errors", RegexOptions.CultureInvariant)]
    private static partial Regex Failures();
}
