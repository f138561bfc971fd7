using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PolyClaw.Core.Policy;

/// <summary>Registers policy.</summary>
public static class PolicyServices
{
    /// <summary>Registers <see cref="PolicyOptions"/> with everything that judges them at start. The caller binds the section.</summary>
    /// <param name="services">Where to.</param>
    public static OptionsBuilder<PolicyOptions> AddPolicyOptions(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PolicyOptions>, PolicyTextValidator>();
        return services.AddOptionsWithValidateOnStart<PolicyOptions, PolicyOptionsValidator>();
    }
}
