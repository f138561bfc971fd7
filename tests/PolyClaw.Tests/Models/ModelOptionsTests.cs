using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Planning;
using PolyClaw.Models;

namespace PolyClaw.Tests.Models;

[Trait("Promise", "P10")]
public sealed class ModelOptionsTests : IDisposable
{
    private readonly string _variable = "POLYCLAW_TEST_KEY_" + Guid.NewGuid().ToString("N");

    public void Dispose() => Environment.SetEnvironmentVariable(_variable, null);

    [Theory]
    [InlineData(null, null, false, false)]
    [InlineData(null, null, true, true)]
    [InlineData(null, "http://127.0.0.1:1/v1", false, true)]
    [InlineData("openai", null, true, true)]
    [InlineData("none", null, true, false)]
    [InlineData("none", "http://127.0.0.1:1/v1", true, false)]
    public void A_model_plans_when_it_is_configured_and_not_switched_off(string? provider, string? endpoint, bool key, bool plans)
    {
        if (key)
            Environment.SetEnvironmentVariable(_variable, "sk-test");
        using var services = Services(("Provider", provider), ("Endpoint", endpoint), ("Name", "m"));
        var planner = services.GetService<IPlanner>();
        Assert.Equal(plans, planner is not null);
        Assert.Equal(plans ? "model:m" : null, planner?.Name);
    }

    [Theory]
    [InlineData("Provider", "anthropic", "Model:Provider is 'anthropic'; it is none or openai")]
    [InlineData("Provider", "openai", "is not set")]
    [InlineData("Endpoint", "ftp://x", "Model:Endpoint is 'ftp://x'")]
    [InlineData("Endpoint", "/v1", "Model:Endpoint is '/v1'")]
    [InlineData("Endpoint", "https://u:secret@x/v1", "Model:Endpoint holds a user")]
    [InlineData("Name", " ", "Model:Name is empty")]
    [InlineData("TimeoutSeconds", "4", "Model:TimeoutSeconds is 4; it must be 5 to 600")]
    [InlineData("TimeoutSeconds", "601", "Model:TimeoutSeconds is 601; it must be 5 to 600")]
    [InlineData("KeyVariable", "", "Model:KeyVariable is empty")]
    public void A_wrong_setting_stops_the_start_and_names_its_key(string key, string value, string message)
    {
        using var services = Services((key, value));
        var thrown = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ModelOptions>>().Value);
        var failure = Assert.Single(thrown.Failures);
        Assert.Contains(message, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://model.example/v1", "sk-test", "unencrypted")]
    [InlineData("http://192.0.2.7:11434/v1", "sk-test", "unencrypted")]
    [InlineData("https://model.example/v1", "sk-test\n", "line end")]
    [InlineData("https://model.example/v1", "sk-test", null)]
    [InlineData("http://127.0.0.1:11434/v1", "sk-test", null)]
    [InlineData("http://localhost:11434/v1", "sk-test", null)]
    [InlineData("http://[::1]:11434/v1", "sk-test", null)]
    [InlineData("http://model.example/v1", null, null)]
    [Trait("Threat", "T08")]
    public void A_key_is_sent_only_where_nobody_can_listen(string endpoint, string? key, string? message)
    {
        Environment.SetEnvironmentVariable(_variable, key);
        using var services = Services(("Endpoint", endpoint));
        if (message is null)
        {
            Assert.Equal(endpoint, services.GetRequiredService<IOptions<ModelOptions>>().Value.Endpoint);
            return;
        }

        var thrown = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ModelOptions>>().Value);
        Assert.Contains(message, Assert.Single(thrown.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-test", thrown.Message, StringComparison.Ordinal);
    }

    private ServiceProvider Services(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new[] { (Key: "KeyVariable", Value: (string?)_variable) }.Concat(settings)
                .Where(s => s.Value is not null).GroupBy(s => s.Key).Select(s => KeyValuePair.Create("Model:" + s.Key, s.Last().Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.Configure<ModelOptions>(configuration.GetSection("Model"));
        services.AddSingleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>();
        services.AddSingleton(ActionSchemas.All);
        services.AddSingleton<PlanVerifier>();
        services.AddPlannerModel();
        return services.BuildServiceProvider();
    }
}
