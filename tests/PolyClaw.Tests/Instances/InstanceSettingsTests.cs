using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolyClaw.Containers;
using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

public sealed class InstanceSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pct-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("""{"Instanse":{"IdleMinutes":3}}""", "Instanse", "unknown_setting")]
    [InlineData("""{"Instance":{"IdleMinites":3}}""", "Instance:IdleMinites", "unknown_setting")]
    [InlineData("""{"Instance":{"IdleMinutes":"soon"}}""", "Instance:IdleMinutes", "bad_setting")]
    [InlineData("""{"Policy":{"AgentMayAprove":true}}""", "Policy:AgentMayAprove", "unknown_setting")]
    [InlineData("""{"Model":{"Names":"x"}}""", "Model:Names", "unknown_setting")]
    [InlineData("""{"Engines":{"pop-up-nyc":{"EndPiont":"x"}}}""", "Engines:pop-up-nyc:EndPiont", "unknown_setting")]
    [InlineData("""{"Runtime":{"Kind":"podman"}}""", "Runtime:Kind", "bad_setting")]
    public void A_wrong_key_or_value_is_told_by_its_key(string settings, string key, string code)
    {
        var fault = Assert.Throws<HomeFaultException>(() => Read(settings)).Fault;
        Assert.Equal(code, fault.Code);
        Assert.Equal(key, fault.Path);
        Assert.Contains("polyclaw.json", fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_json_is_told_with_where_it_breaks()
    {
        var fault = Assert.Throws<HomeFaultException>(() => Read("{\n  nonsense")).Fault;
        Assert.Equal("bad_settings_file", fault.Code);
        Assert.EndsWith("polyclaw.json", fault.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_settings_are_read() => Assert.Equal("3", Read("""{"Instance":{"IdleMinutes":3},"Files":{"Roots":["/data"]}}""")["Instance:IdleMinutes"]);

    [Fact]
    public void Engines_are_read_by_name_and_what_is_wrong_with_one_stops_the_start_by_its_key()
    {
        var configuration = Read("""{"Engines":{"pop-up-nyc":{"Endpoint":"unix:///run/nyc.sock"},"POP-UP-SFO":{"Endpoint":"tcp://10.0.0.1:2375"}}}""");
        var services = new ServiceCollection();
        InstanceSettings.Bind(services, configuration, Home.At(_folder.FullName));
        services.AddLogging().AddPolyClawContainers();
        using var provider = services.BuildServiceProvider();
        var wrong = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<EnginesOptions>>().Value);
        Assert.StartsWith("Engines:pop-up-sfo:Endpoint: ", Assert.Single(wrong.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(10_080, true)]
    [InlineData(10_081, false)]
    public void Idle_minutes_are_bounded_and_the_key_is_named(int minutes, bool good)
    {
        var result = new InstanceOptionsValidator().Validate(null, new InstanceOptions { IdleMinutes = minutes });
        Assert.Equal(good, result.Succeeded);
        if (!good)
            Assert.Contains("Instance:IdleMinutes", result.FailureMessage, StringComparison.Ordinal);
    }

    private ConfigurationManager Read(string settings)
    {
        var home = Home.At(_folder.FullName);
        File.WriteAllText(home.Settings, settings);
        var configuration = new ConfigurationManager();
        InstanceSettings.Read(configuration, home);
        return configuration;
    }
}
