using System.CommandLine;
using System.Text.Json;
using PolyClaw.Instances;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw status</c>: the instance, if there is one.</summary>
internal static class StatusCommand
{
    public static Command Make() => new Command("status", "Say whether an instance runs and what it does").Does(async (parsed, cancellationToken) =>
    {
        await using var client = await InstanceClient.OpenAsync(Home.Open(), start: false, cancellationToken);
        var status = await client.ControlAsync(InstanceControl.StatusMethod, cancellationToken);
        if (parsed.GetValue(Commands.Json))
        {
            Terminal.Line(JsonSerializer.Serialize(status, InstanceJson.Default.InstanceStatus));
            return ExitCodes.Done;
        }

        Terminal.Line($"instance   process {status.Pid}, version {status.Version}, up {status.UptimeSeconds:0} s");
        Terminal.Line($"home       {status.Home}");
        Terminal.Line($"work       {status.Runs} runs, {status.Servers} servers, {status.Services} services, {status.Connections - 1} other connections");
        if (status.Gateway is { } gateway)
            Terminal.Line($"gateway    {gateway}");
        Terminal.Line($"runtime    {status.Runtime}, isolation {status.Isolation} ({status.RuntimeDetail})");
        Terminal.Line($"planner    commands{(status.Model is { } model ? " and " + model : "; no model is configured")}");
        return ExitCodes.Done;
    });
}
