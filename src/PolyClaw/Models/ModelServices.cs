using Microsoft.Extensions.Options;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Models;

namespace PolyClaw.Models;

/// <summary>Registers the model planner when a model is configured.</summary>
internal static class ModelServices
{
    public static void AddPlannerModel(this IServiceCollection services) =>
        services.AddSingleton<IPlanner>(s =>
        {
            var options = s.GetRequiredService<IOptions<ModelOptions>>().Value;
            return options.IsConfigured
                ? new ModelPlanner(
                    ModelConnection.Open(options, s.GetRequiredService<TimeProvider>()),
                    options.Name,
                    s.GetRequiredService<ActionSchemas>(),
                    s.GetRequiredService<PlanVerifier>())
                : null!;
        });
}
