using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Services.Scaling;

/// <summary>Judges <see cref="ScalingOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ScalingOptionsValidator : IValidateOptions<ScalingOptions>;
