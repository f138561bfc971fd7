using System.Text.Json;
using PolyClaw.Instances;

namespace PolyClaw.Cli;

/// <summary>
/// Where the program begins. A client's shim is started often and must be quick, so it is recognised before anything else is loaded; every
/// other command goes through the command line's grammar.
/// </summary>
internal static class Entry
{
    private const string OneProcess = "POLYCLAW_ONE_PROCESS";

    public static Task<int> RunAsync(string[] args) => args switch
    {
        ["serve"] => ServeStdioAsync(),
        [InstanceCommand.Name] => InstanceAsync(),
        [WatchdogCommand.Name] => WatchdogCommand.RunAsync(Terminal.OpenInput()),
        _ => Commands.RunAsync(args),
    };

    public static async Task<int> ServeStdioAsync()
    {
        try
        {
            await using var input = Terminal.OpenInput();
            await using var output = Terminal.OpenOutput();
            var home = Home.Open();
            return Environment.GetEnvironmentVariable(OneProcess) == "1"
                ? await InstanceCommand.OneProcessAsync(home, input, output)
                : await Shim.RunAsync(home, input, output, Terminal.Tell);
        }
        catch (HomeFaultException e)
        {
            Terminal.Error(e.Fault);
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> InstanceAsync()
    {
        try
        {
            return await InstanceCommand.BackgroundAsync(Home.Open(), Terminal.ErrorLine);
        }
        catch (HomeFaultException e)
        {
            Terminal.ErrorLine(JsonSerializer.Serialize(e.Fault, PrefaceJson.Default.Fault));
            return ExitCodes.Failed;
        }
    }
}
