using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>Judges <see cref="RolloutOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class RolloutOptionsValidator : IValidateOptions<RolloutOptions>;
