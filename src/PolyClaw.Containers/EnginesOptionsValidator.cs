using Microsoft.Extensions.Options;
using PolyClaw.Containers.Engines;

namespace PolyClaw.Containers;

/// <summary>Checks <see cref="EnginesOptions"/> at start: all that is wrong, each by its key.</summary>
internal sealed class EnginesOptionsValidator : IValidateOptions<EnginesOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EnginesOptions options)
    {
        var wrong = options.ByName.SelectMany(engine => EngineSettings.Read(engine.Key, engine.Value).Faults).Select(fault => fault.ToString()).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
