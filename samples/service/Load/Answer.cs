namespace PolyClaw.Samples.Service.Load;

/// <summary>What came of a request.</summary>
/// <param name="Version">The version that answered, when it said so.</param>
/// <param name="Failure">Why it counts as failed; nothing when it does not.</param>
internal readonly record struct Answer(string? Version, string? Failure)
{
    private const int LongestVersion = 64;

    public static Answer Failed(string why) => new(null, why);

    /// <summary>An answer that is as it should be. A version that is no plain word is not repeated: it goes to a terminal.</summary>
    public static Answer Good(string? version) => new(
        version is null ? null
        : version.Length is > 0 and <= LongestVersion && version.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '+') ? version
        : "?",
        null);
}
