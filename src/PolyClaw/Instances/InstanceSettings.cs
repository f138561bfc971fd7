using Microsoft.Extensions.Options;
using PolyClaw.Containers;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;
using PolyClaw.Gateway;
using PolyClaw.Http;
using PolyClaw.Mcp;
using PolyClaw.Models;

namespace PolyClaw.Instances;

/// <summary>Where settings come from, in order: <c>polyclaw.json</c> in the home, <c>POLYCLAW__SECTION__KEY</c>. A wrong key stops the start.</summary>
internal static class InstanceSettings
{
    private static readonly string[] Sections = ["Alerts", "Engines", "Execution", "Files", "Gateway", "Http", "Instance", "Model", "Notices", "Policy", "Runtime", "Services"];

    public static void Read(IConfigurationManager configuration, Home home)
    {
        try
        {
            configuration.AddJsonFile(home.Settings, optional: true, reloadOnChange: false);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new HomeFaultException(new Fault("bad_settings_file", e.InnerException?.Message ?? e.Message, home.Settings, "correct it: a JSON object whose members are the sections"));
        }

        configuration.AddEnvironmentVariables("POLYCLAW__");
        var unknown = configuration.GetChildren().Select(s => s.Key).Except(Sections, StringComparer.OrdinalIgnoreCase).ToList();
        if (unknown.Count > 0)
            throw Wrong("unknown_setting", string.Join(", ", unknown), "there is no such section of settings; the sections are " + string.Join(", ", Sections), home);
        foreach (var engine in configuration.GetSection("Engines").GetChildren())
            Try<EngineOptions>(configuration, engine.Path, home, (section, into) => section.Bind(into, Strictly));
        Try<ExecutionOptions>(configuration, "Execution", home, (section, into) => section.Bind(into, Strictly));
        Try<GoalFileOptions>(configuration, "Files", home, (section, into) => section.Bind(into, Strictly));
        Try<AlertOptions>(configuration, "Alerts", home, (section, into) => section.Bind(into, Strictly));
        Try<GatewayOptions>(configuration, "Gateway", home, (section, into) => section.Bind(into, Strictly));
        Try<HttpSettings>(configuration, "Http", home, (section, into) => section.Bind(into, Strictly));
        Try<InstanceOptions>(configuration, "Instance", home, (section, into) => section.Bind(into, Strictly));
        Try<ModelOptions>(configuration, "Model", home, (section, into) => section.Bind(into, Strictly));
        Try<NoticeOptions>(configuration, "Notices", home, (section, into) => section.Bind(into, Strictly));
        Try<PolicyOptions>(configuration, "Policy", home, (section, into) => section.Bind(into, Strictly));
        Try<RuntimeOptions>(configuration, "Runtime", home, (section, into) => section.Bind(into, Strictly));
        Try<ServiceOptions>(configuration, "Services", home, (section, into) => section.Bind(into, Strictly));
    }

    public static void Bind(IServiceCollection services, IConfiguration configuration, Home home)
    {
        services.Configure<EnginesOptions>(options => ReadEngines(configuration.GetSection("Engines"), options));
        services.Configure<ExecutionOptions>(configuration.GetSection("Execution"), Strictly);
        services.Configure<GoalFileOptions>(configuration.GetSection("Files"), Strictly);
        services.Configure<AlertOptions>(configuration.GetSection("Alerts"), Strictly);
        services.Configure<GatewayOptions>(configuration.GetSection("Gateway"), Strictly);
        services.Configure<HttpSettings>(configuration.GetSection("Http"), Strictly);
        services.Configure<InstanceOptions>(configuration.GetSection("Instance"), Strictly);
        services.Configure<ModelOptions>(configuration.GetSection("Model"), Strictly);
        services.Configure<NoticeOptions>(configuration.GetSection("Notices"), Strictly);
        services.Configure<PolicyOptions>(configuration.GetSection("Policy"), Strictly);
        services.Configure<RuntimeOptions>(configuration.GetSection("Runtime"), Strictly);
        services.Configure<ServiceOptions>(configuration.GetSection("Services"), Strictly);
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.AddOptions<GatewayOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<NoticeOptions>, NoticeOptionsValidator>();
        services.AddOptions<NoticeOptions>().ValidateOnStart();
        var id = home.Id;
        services.PostConfigure<RuntimeOptions>(options => options.Instance ??= id);
        services.AddSingleton<IValidateOptions<HttpSettings>, HttpSettingsValidator>();
        services.AddOptions<HttpSettings>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<InstanceOptions>, InstanceOptionsValidator>();
        services.AddOptions<InstanceOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>();
        services.AddOptions<ModelOptions>().ValidateOnStart();
        services.AddSingleton(s => s.GetRequiredService<IOptions<GoalFileOptions>>().Value);
    }

    /// <summary>What the HTTP side needs before there are services. It is judged with the others when the instance starts, before it listens.</summary>
    public static HttpSettings Http(IConfiguration configuration)
    {
        var settings = new HttpSettings();
        configuration.GetSection("Http").Bind(settings, Strictly);
        return settings;
    }

    // A variable's name may be all upper case, and a location never is.
    private static void ReadEngines(IConfigurationSection section, EnginesOptions into)
    {
        foreach (var engine in section.GetChildren())
        {
            var options = new EngineOptions();
            engine.Bind(options, Strictly);
            into.ByName[engine.Key.ToLowerInvariant()] = options;
        }
    }

    /// <summary>What a gateway needs that is a process of its own.</summary>
    public static GatewayOptions Gateway(Home home)
    {
        var configuration = new ConfigurationManager();
        Read(configuration, home);
        var options = new GatewayOptions();
        configuration.GetSection("Gateway").Bind(options, Strictly);
        return options;
    }

    /// <summary>Binds once for trial, so that what is wrong is told by its key before anything starts.</summary>
    private static void Try<T>(IConfiguration configuration, string section, Home home, Action<IConfigurationSection, T> bind)
        where T : new()
    {
        try
        {
            bind(configuration.GetSection(section), new T());
        }
        catch (InvalidOperationException e)
        {
            // 'ErrorOnUnknownConfiguration' was set …, but the following properties were not found on the instance of TYPE: 'A', 'B'
            // Failed to convert configuration value 'x' at 'Section:Key' to type 'System.Int32'.
            var quoted = e.Message.Split('\'').Where((_, i) => i % 2 == 1).ToList();
            throw quoted is [nameof(BinderOptions.ErrorOnUnknownConfiguration), .. var names] && names.Count > 0
                ? Wrong("unknown_setting", string.Join(", ", names.Select(n => $"{section}:{n}")), "there is no such setting", home)
                : quoted is [var value, var key, ..]
                    ? Wrong("bad_setting", key, $"'{value}' does not fit", home)
                    : Wrong("bad_setting", section, e.Message, home);
        }
    }

    private static HomeFaultException Wrong(string code, string key, string message, Home home) =>
        new(new Fault(code, message, key, $"correct it in {home.Settings}, or the variable POLYCLAW__{key.Split(',')[0].Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()}"));

    private static void Strictly(BinderOptions options) => options.ErrorOnUnknownConfiguration = true;
}
