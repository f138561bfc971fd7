using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using PolyClaw.Instances;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw doctor</c>: what this machine offers and what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Make() => new Command("doctor", "Say what this machine offers and what is missing").Does(async (parsed, cancellationToken) =>
    {
        var home = Home.Open();
        await using var client = await InstanceClient.OpenAsync(home, start: true, cancellationToken);
        var status = await client.ControlAsync(InstanceControl.StatusMethod, cancellationToken);
        var findings = Findings(status);
        if (parsed.GetValue(Commands.Json))
        {
            Terminal.Line(JsonSerializer.Serialize(findings, CliJson.Default.ListFinding));
            return ExitCodes.Done;
        }

        foreach (var finding in findings)
            Terminal.Line($"{(finding.Good ? "ok  " : "note")}  {finding.What,-8}  {finding.Text}");
        return ExitCodes.Done;
    });

    /// <summary>What an instance's own account comes to. What is weak about a runtime is a note each.</summary>
    internal static List<Finding> Findings(InstanceStatus status) =>
    [
        new("system", true, $"{RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture}, {(OperatingSystem.IsLinux() ? "the proved platform" : "a platform that is written for but not proved")}"),
        new("home", true, status.Home),
        new("runtime", status.Runtime == "docker", $"{status.Runtime}, isolation {status.Isolation}: {status.RuntimeDetail}"),
        .. (status.RuntimeWarnings ?? []).Select(w => new Finding(status.Runtime, false, w)),
        new("model", status.Model is not null, status.Model ?? "none: goals must be commands; set OPENAI_API_KEY, or Model:Endpoint and Model:Name"),
    ];
}
