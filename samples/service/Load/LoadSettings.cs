using System.Globalization;

namespace PolyClaw.Samples.Service.Load;

/// <summary>The load: <c>load URL</c> and flags of the form <c>--name value</c>.</summary>
/// <param name="Url">Where the service answers; its stream is one path below.</param>
/// <param name="Rate">Requests a second. Default 50.</param>
/// <param name="Seconds">How long requests fall due. Default 30.</param>
/// <param name="BodyEvery">Every so-manyth request posts a body. Default 0: none does.</param>
/// <param name="SlowEvery">Every so-manyth request is slow. Default 0: none is.</param>
/// <param name="StreamEvery">Every so-manyth request is a stream. Default 0: none is.</param>
/// <param name="SessionEvery">Every so-manyth request belongs to a session. Default 0: none does.</param>
/// <param name="Workers">Requests in flight at most; one that is due waits for a place, and its latency grows. Default 256.</param>
/// <param name="TimeoutSeconds">How long an answer may take. Default 30.</param>
/// <param name="AllowFailures">Failed requests are counted and are no failure of the run. Default false; a flag without a value.</param>
internal sealed record LoadSettings(
    Uri Url,
    int Rate = 50,
    int Seconds = 30,
    int BodyEvery = 0,
    int SlowEvery = 0,
    int StreamEvery = 0,
    int SessionEvery = 0,
    int Workers = 256,
    int TimeoutSeconds = 30,
    bool AllowFailures = false)
{
    private const int Sessions = 16;

    /// <summary>Requests that fall due.</summary>
    public long Total => (long)Rate * Seconds;

    /// <summary>When a request is due, counted from the first; they are numbered from 1.</summary>
    public TimeSpan DueOf(long number) => TimeSpan.FromSeconds((number - 1) / (double)Rate);

    /// <summary>What a request asks. The rarest kind wins where several fall on one number.</summary>
    public RequestKind KindOf(long number) =>
        IsNth(number, StreamEvery) ? RequestKind.Stream
        : IsNth(number, SlowEvery) ? RequestKind.Slow
        : IsNth(number, BodyEvery) ? RequestKind.Body
        : RequestKind.Quick;

    /// <summary>The session a request belongs to, one of a few.</summary>
    public string? SessionOf(long number) =>
        IsNth(number, SessionEvery) ? string.Create(CultureInfo.InvariantCulture, $"session-{number / SessionEvery % Sessions}") : null;

    /// <summary>Reads the arguments after <c>load</c>.</summary>
    /// <exception cref="ArgumentException">One of them is wrong; the message says which and what would be right.</exception>
    public static LoadSettings Parse(string[] arguments)
    {
        if (arguments is not [var address, ..] || !Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
            throw new ArgumentException("load needs the address of a service first: load http://HOST:PORT/ [--rate N] [--seconds N] …");
        var settings = new LoadSettings(url);
        for (var i = 1; i < arguments.Length; i++)
        {
            var flag = arguments[i];
            if (flag == "--allow-failures")
            {
                settings = settings with { AllowFailures = true };
                continue;
            }

            int Number(int least, int most) => Flags.Number(flag, ++i < arguments.Length ? arguments[i] : "", least, most);
            settings = flag switch
            {
                "--rate" => settings with { Rate = Number(1, 20_000) },
                "--seconds" => settings with { Seconds = Number(1, 86_400) },
                "--body-every" => settings with { BodyEvery = Number(0, 1_000_000) },
                "--slow-every" => settings with { SlowEvery = Number(0, 1_000_000) },
                "--stream-every" => settings with { StreamEvery = Number(0, 1_000_000) },
                "--session-every" => settings with { SessionEvery = Number(0, 1_000_000) },
                "--workers" => settings with { Workers = Number(1, 4096) },
                "--timeout-seconds" => settings with { TimeoutSeconds = Number(1, 600) },
                _ => throw new ArgumentException($"load has no flag {flag}"),
            };
        }

        return settings;
    }

    private static bool IsNth(long number, int every) => every > 0 && number % every == 0;
}
