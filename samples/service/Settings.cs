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
    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">One of them is wrong; the message says which and what would be right.</exception>
    public static Settings Parse(string[] arguments)
    {
        if (arguments.Length % 2 != 0)
            throw new ArgumentException("flags come in pairs: --name value");
        var settings = new Settings();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var (flag, value) = (arguments[i], arguments[i + 1]);
            settings = flag switch
            {
                "--version" => settings with { Version = value },
                "--port" => settings with { Port = Flags.Number(flag, value, 0, 65535) },
                "--latency-ms" => settings with { LatencyMs = Flags.Number(flag, value) },
                "--concurrency" => settings with { Concurrency = Flags.Number(flag, value) },
                "--error-rate" => settings with { ErrorRate = Flags.Share(flag, value) },
                "--start-ms" => settings with { StartMs = Flags.Number(flag, value) },
                "--sick-after-ms" => settings with { SickAfterMs = Flags.Number(flag, value) },
                "--crash-after-ms" => settings with { CrashAfterMs = Flags.Number(flag, value) },
                "--ignore-term" => settings with { IgnoreTerm = bool.TryParse(value, out var ignore) ? ignore : throw new ArgumentException($"{flag} takes true or false, not '{value}'") },
                _ => throw new ArgumentException($"there is no flag {flag}"),
            };
        }

        return settings;
    }
}
