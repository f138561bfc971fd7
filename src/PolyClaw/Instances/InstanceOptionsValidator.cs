using Microsoft.Extensions.Options;

namespace PolyClaw.Instances;

/// <summary>Judges <see cref="InstanceOptions"/> at start.</summary>
internal sealed class InstanceOptionsValidator : IValidateOptions<InstanceOptions>
{
    public ValidateOptionsResult Validate(string? name, InstanceOptions options) =>
        options.IdleMinutes is >= 1 and <= InstanceOptions.LongestIdle
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Instance:IdleMinutes is {options.IdleMinutes}; it must be 1 to {InstanceOptions.LongestIdle}");
}
