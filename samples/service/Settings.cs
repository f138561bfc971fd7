using System.Globalization;

namespace PolyClaw.Samples.Service;

/// <summary>How the service behaves: flags of the form <c>--name value</c>.</summary>
/// <param name="Version">What it says it is. Default <c>v1</c>.</param>
/// <param name="Port">TCP port. Default 8080.</param>
/// <param name="LatencyMs">How long an ordinary answer takes, in milliseconds. Default 0.</param>
/// <param name="Concurrency">Requests it works on at once; others wait. Default 0: no limit.</param>
/// <param name="ErrorRate">Share of ordinary requests answered with 500, 0 to 1. Default 0.</param>
/// <param name="StartMs">Milliseconds until it says that it is healthy. Default 0.</param>
/// <param name="SickAfterMs">Milliseconds until it says that it is ill. Default 0: never.</param>
/// <param name="CrashAfterMs">Milliseconds until it ends with exit code 1. Default 0: never.</param>
/// <param name="IgnoreTerm">It goes on when it is asked to end, until it is killed. Default false.</param>
internal sealed record Settings(
    string Version = "v1",
    int Port = 8080,
    int LatencyMs = 0,
    int Concurrency = 0,
    double ErrorRate = 0,
    int StartMs = 0,
    int SickAfterMs = 0,
    int CrashAfterMs = 0,
    bool IgnoreTerm = false)
{
    public static Settings Parse(string[] arguments)
    {
        if (arguments.Length % 2 != 0)
            throw new ArgumentException("flags come in pairs: --name value");
        var settings = new Settings();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            settings = arguments[i] switch
            {
                "--version" => settings with { Version = value },
                "--port" => settings with { Port = Whole(value) },
                "--latency-ms" => settings with { LatencyMs = Whole(value) },
                "--concurrency" => settings with { Concurrency = Whole(value) },
                "--error-rate" => settings with { ErrorRate = double.Parse(value, CultureInfo.InvariantCulture) },
                "--start-ms" => settings with { StartMs = Whole(value) },
                "--sick-after-ms" => settings with { SickAfterMs = Whole(value) },
                "--crash-after-ms" => settings with { CrashAfterMs = Whole(value) },
                "--ignore-term" => settings with { IgnoreTerm = bool.Parse(value) },
                _ => throw new ArgumentException($"there is no flag {arguments[i]}"),
            };
        }

        return settings;
    }

    private static int Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
