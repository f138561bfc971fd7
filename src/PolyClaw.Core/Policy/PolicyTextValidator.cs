using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Policy;

/// <summary>What no attribute can state: quantities, patterns, tenants, names of actions.</summary>
internal sealed class PolicyTextValidator : IValidateOptions<PolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        PolicySettings.Read(options, beyondLoopback: false, out var faults);
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(f => f.ToString()));
    }
}
