using Microsoft.Extensions.Options;
using PolyClaw.Core.Names;
using PolyClaw.Core.Services.Rollouts;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Services;

/// <summary>Judges <see cref="ServiceOptions"/> and what lies in it at start; every message names the key.</summary>
internal sealed class ServiceOptionsValidator : IValidateOptions<ServiceOptions>
{
    private readonly RolloutOptionsValidator _rollouts = new();
    private readonly ScalingOptionsValidator _scaling = new();

    public ValidateOptionsResult Validate(string? name, ServiceOptions options)
    {
        var ranges = new Ranges(ServiceOptions.SectionName)
            .Must(nameof(options.Strategy), Enum.IsDefined(options.Strategy), "must be Rolling, BlueGreen or Canary")
            .Within(nameof(options.Drain), options.Drain, TimeSpan.Zero, TimeSpan.FromHours(1))
            .Within(nameof(options.Grace), options.Grace, TimeSpan.Zero, TimeSpan.FromMinutes(10))
            .Within(nameof(options.ReplaceAfter), options.ReplaceAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
            .Within(nameof(options.MostLosses), options.MostLosses, 1, 100)
            .Within(nameof(options.NeedsWithin), options.NeedsWithin, TimeSpan.Zero, TimeSpan.FromDays(1));
        foreach (var (service, image) in options.Catalog)
        {
            ranges.Must("Catalog:" + service, ServerName.Check(service, "") is null, "is no service's name")
                .Must("Catalog:" + service, ImageReference.TryParse(image, "", out _, out _), $"is no image: '{image}'");
        }

        List<string> wrong = [.. Failures(ranges.Result), .. Failures(_rollouts.Validate(name, options.Rollouts)), .. Failures(_scaling.Validate(name, options.Scaling))];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Failures(ValidateOptionsResult result) => result.Failures ?? [];
}
