using System.Globalization;

namespace PolyClaw.Samples.Service;

/// <summary>Values of flags, with words for the wrong ones.</summary>
internal static class Flags
{
    /// <summary>A whole number within its bounds.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static int Number(string flag, string value, int least = 0, int most = int.MaxValue) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{flag} takes a whole number from {least} to {most}, not '{value}'");

    /// <summary>A share, from 0 to 1.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static double Share(string flag, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? share
            : throw new ArgumentException($"{flag} takes a number from 0 to 1, not '{value}'");
}
