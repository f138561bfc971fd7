using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace PolyClaw.Core.Services;

/// <summary>A duration between two, both included. The framework's own range reads its bounds by reflection.</summary>
/// <param name="least">The shortest, as <see cref="TimeSpan"/> is written: <c>00:00:01</c>.</param>
/// <param name="most">The longest.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string least, string most) : ValidationAttribute($"The field {{0}} must be between {least} and {most}.")
{
    /// <summary>The shortest.</summary>
    public string Least { get; } = least;

    /// <summary>The longest.</summary>
    public string Most { get; } = most;

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is TimeSpan met && met >= Read(Least) && met <= Read(Most);

    private static TimeSpan Read(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
