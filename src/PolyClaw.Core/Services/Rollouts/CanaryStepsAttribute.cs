using System.ComponentModel.DataAnnotations;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>Shares from 1 to 100 percent, each above the one before it, the last 100; or none named.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CanaryStepsAttribute() : ValidationAttribute("The field {0} must rise from at least 1 to 100, for example 10, 50, 100.")
{
    public override bool IsValid(object? value) =>
        value is null || (value is IReadOnlyList<int> { Count: > 0 } steps
            && steps[0] >= 1 && steps[^1] == 100 && steps.Zip(steps.Skip(1)).All(pair => pair.First < pair.Second));
}
