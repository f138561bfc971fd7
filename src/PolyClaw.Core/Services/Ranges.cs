using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Services;

/// <summary>Collects the values of a settings section that are out of range. By hand: a range of durations as an attribute needs reflection.</summary>
/// <param name="section">The section's name, for the messages.</param>
internal sealed class Ranges(string section)
{
    private readonly List<string> _wrong = [];

    /// <summary>What is judged in all: every wrong value, by its key.</summary>
    public ValidateOptionsResult Result => _wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_wrong);

    /// <summary>A value that has to lie between two others, both allowed.</summary>
    public Ranges Within<T>(string key, T value, T least, T most)
        where T : IComparable<T> =>
        Must(key, value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, $"is {value}; it must lie between {least} and {most}");

    /// <summary>A condition of any kind.</summary>
    public Ranges Must(string key, bool holds, string otherwise)
    {
        if (!holds)
            _wrong.Add($"{section}:{key} {otherwise}");
        return this;
    }
}
