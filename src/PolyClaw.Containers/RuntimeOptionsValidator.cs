using Microsoft.Extensions.Options;
using PolyClaw.Containers.Images;

namespace PolyClaw.Containers;

/// <summary>Checks <see cref="RuntimeOptions"/> at start. By hand: a range of durations as an attribute needs reflection.</summary>
internal sealed class RuntimeOptionsValidator : IValidateOptions<RuntimeOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RuntimeOptions options)
    {
        var wrong = new List<string>();
        Check(wrong, nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMinutes(10));
        Check(wrong, nameof(options.ListTimeout), options.ListTimeout, TimeSpan.FromMinutes(10));
        Check(wrong, nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromHours(1));
        Check(wrong, nameof(options.ProbeTimeout), options.ProbeTimeout, TimeSpan.FromMinutes(1));
        Check(wrong, nameof(options.HealthInterval), options.HealthInterval, TimeSpan.FromHours(1));
        if (!Enum.IsDefined(options.Kind))
            wrong.Add($"Runtime:Kind is '{options.Kind}'; it is one of {string.Join(", ", Enum.GetNames<RuntimeKind>())}");
        if (!ImageReference.TryParse(options.SdkImage, out _))
            wrong.Add($"Runtime:SdkImage is '{options.SdkImage}'; it is an image's name, such as mcr.microsoft.com/dotnet/sdk:10.0");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static void Check(List<string> wrong, string key, TimeSpan value, TimeSpan most)
    {
        if (value < TimeSpan.FromSeconds(1) || value > most)
            wrong.Add($"Runtime:{key} is {value}; it must lie between {TimeSpan.FromSeconds(1)} and {most}");
    }
}
