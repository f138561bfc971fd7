using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Execution;

/// <summary>Judges <see cref="ExecutionOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ExecutionOptionsValidator : IValidateOptions<ExecutionOptions>;
