using System.CommandLine;
using System.Text.Json;
using PolyClaw.Instances;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw stop</c>: ends the instance; its runs go on with the next.</summary>
internal static class StopCommand
{
    public static Command Make() => new Command("stop", "End the instance; its runs go on when it is started again").Does(async (parsed, cancellationToken) =>
    {
        var home = Home.Open();
        await using var client = await InstanceClient.OpenAsync(home, start: false, cancellationToken);
        var status = await client.ControlAsync(InstanceControl.StopMethod, cancellationToken);
        Terminal.Line(parsed.GetValue(Commands.Json)
            ? JsonSerializer.Serialize(status, InstanceJson.Default.InstanceStatus)
            : $"instance {status.Pid} ends{(status.Runs > 0 ? $"; {(status.Runs == 1 ? "1 run goes on" : $"{status.Runs} runs go on")} when it is started again" : "")}");
        return ExitCodes.Done;
    });
}
