using System.CommandLine;
using PolyClaw.Core.Goals;
using PolyClaw.Gateway;
using PolyClaw.Instances;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw gateway</c>: the gateway as a process of its own, which serves while the instance restarts.</summary>
internal static class GatewayCommand
{
    public static Command Make()
    {
        var listen = new Option<string?>("--listen") { Description = "Address and port on this machine, instead of Gateway:Listen" };
        return new Command("gateway", "Be the gateway of this home's services until Ctrl-C, also while the instance is down") { listen }.Does(async (parsed, cancellationToken) =>
        {
            var home = Home.Open();
            home.RequireWritable();
            var options = InstanceSettings.Gateway(home);
            if (parsed.GetValue(listen) is { } given)
                options.Listen = given;
            if (new GatewayOptionsValidator().Validate(null, options) is { Failed: true } wrong)
                throw new UsageException(new Fault("bad_address", wrong.FailureMessage, "--listen", "127.0.0.1:8480, or port 0 for any that is free"));
            using var log = new FileLog(Path.Combine(home.Folder, "gateway.log"), TimeProvider.System);
            using var logs = LoggerFactory.Create(builder => builder.AddProvider(log).SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning));
            if (await GatewayProcess.RunAsync(home, options, logs, Terminal.Tell, cancellationToken) is { } fault)
                throw new HomeFaultException(fault);
            return ExitCodes.Done;
        });
    }
}
