using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Policy;

/// <summary>Ranges that attributes state.</summary>
[OptionsValidator]
internal sealed partial class PolicyOptionsValidator : IValidateOptions<PolicyOptions>;
