using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;
using PolyClaw.Instances;
using PolyClaw.Mcp;
using Spectre.Console;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw services</c>: services by hand.</summary>
internal static class ServicesCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly Argument<string> Name = new("name") { Description = "The service's name" };

    public static Command Make() => new("services", "Look at services, scale them, go back, delete them")
    {
        List(), Show(), Logs(), History(), Rollback(), Scale(), Delete(),
    };

    private static Command List()
    {
        var watch = Watch();
        return new Command("list", "List services") { watch }.Does(async (parsed, cancellationToken) =>
        {
            await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
            return await DrawAsync(parsed, parsed.GetValue(watch), () => client.CallAsync("list_services", [], SurfaceJson.Default.ServicePage, cancellationToken), page =>
                parsed.GetValue(Commands.Json) ? [JsonSerializer.Serialize(page, SurfaceJson.Default.ServicePage)]
                : page.Services.Count == 0 ? ["no services"]
                : [.. page.Services.SelectMany(Lines)], cancellationToken);
        });
    }

    private static Command Show()
    {
        var watch = Watch();
        return new Command("show", "Show a service, its versions and replicas") { Name, watch }.Does(async (parsed, cancellationToken) =>
        {
            await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
            return await DrawAsync(parsed, parsed.GetValue(watch), () => FindAsync(client, parsed.GetRequiredValue(Name), cancellationToken), view =>
                parsed.GetValue(Commands.Json) ? [JsonSerializer.Serialize(view, SurfaceJson.Default.ServiceView)] : [.. Lines(view), .. Details(view)], cancellationToken);
        });
    }

    private static Command Logs()
    {
        var lines = new Option<int>("--lines") { Description = "Lines of each replica", DefaultValueFactory = _ => 100 };
        return new Command("logs", "Show what a service's replicas wrote") { Name, lines }.Does(async (parsed, cancellationToken) =>
        {
            await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
            var name = parsed.GetRequiredValue(Name);
            await FindAsync(client, name, cancellationToken);
            var logs = await client.ControlAsync(
                InstanceControl.ServiceLogsMethod, new JsonObject { ["name"] = name, ["lines"] = parsed.GetValue(lines) }, InstanceJson.Default.ServiceLogs, cancellationToken);
            if (parsed.GetValue(Commands.Json))
                Terminal.Line(JsonSerializer.Serialize(logs, InstanceJson.Default.ServiceLogs));
            foreach (var log in parsed.GetValue(Commands.Json) ? [] : logs.Replicas)
                foreach (var line in log.Text.TrimEnd('\n').Split('\n'))
                    Terminal.Line($"v{log.Version} #{log.Number}  {line.TrimEnd('\r')}");
            return ExitCodes.Done;
        });
    }

    private static Command History() => new Command("history", "Show what a service went through") { Name }.Does(async (parsed, cancellationToken) =>
    {
        await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
        var history = await client.ControlAsync(
            InstanceControl.ServiceHistoryMethod, new JsonObject { ["name"] = parsed.GetRequiredValue(Name) }, InstanceJson.Default.ServiceHistory, cancellationToken);
        if (parsed.GetValue(Commands.Json))
        {
            Terminal.Line(JsonSerializer.Serialize(history, InstanceJson.Default.ServiceHistory));
            return ExitCodes.Done;
        }

        // A service that is gone has a history all the same.
        if (history.Events.Count == 0)
            throw new ToolFaultException(Unknown(parsed.GetRequiredValue(Name), []));
        foreach (var happened in history.Events)
            Terminal.Line($"{happened.At.ToLocalTime():yyyy-MM-dd HH:mm:ss.fff}  {happened.Text}");
        return ExitCodes.Done;
    });

    private static Command Rollback()
    {
        var to = new Option<int?>("--to") { Description = "The version that is to serve; the one before when left out" };
        return new Command("rollback", "Give the traffic back to a version that ran before") { Name, to }.Does(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(Name);
            var version = parsed.GetValue(to) ?? await BeforeAsync(name, cancellationToken);
            return await RunCommand.CarryOutAsync(parsed, string.Create(CultureInfo.InvariantCulture, $"shift traffic {Quoted(name)} to {version}"), cancellationToken);
        });
    }

    private static Command Scale()
    {
        var to = new Argument<int>("replicas") { Description = "How many replicas" };
        return new Command("scale", "Change how many replicas a service has") { Name, to }.Does((parsed, cancellationToken) => RunCommand.CarryOutAsync(
            parsed, string.Create(CultureInfo.InvariantCulture, $"autoscale service {Quoted(parsed.GetRequiredValue(Name))} to={parsed.GetRequiredValue(to)} replicas"), cancellationToken));
    }

    private static Command Delete() => new Command("delete", "Delete a service with all its versions") { Name }.Does((parsed, cancellationToken) =>
        RunCommand.CarryOutAsync(parsed, "delete service " + Quoted(parsed.GetRequiredValue(Name)), cancellationToken));

    private static Option<bool> Watch() => new("--watch") { Description = "Draw it again every second until Ctrl-C" };

    private static async Task<int> BeforeAsync(string name, CancellationToken cancellationToken)
    {
        await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
        var view = await FindAsync(client, name, cancellationToken);
        return view.Versions.Where(v => v.Version != view.Stable && v.Error is null).Select(v => (int?)v.Version).Max()
            ?? throw new ToolFaultException(new Fault("no_version_before", $"{name} has no other version to go back to", Fix: $"'services history {name}' shows what there was"));
    }

    private static async Task<ServiceView> FindAsync(InstanceClient client, string name, CancellationToken cancellationToken)
    {
        var page = await client.CallAsync("list_services", [], SurfaceJson.Default.ServicePage, cancellationToken);
        return page.Services.FirstOrDefault(s => s.Name == name) ?? throw new ToolFaultException(Unknown(name, [.. page.Services.Select(s => s.Name)]));
    }

    private static Fault Unknown(string name, IReadOnlyCollection<string> known) =>
        new("unknown_service", $"there is no service '{name}'", "name", known.Count == 0 ? "there are no services" : "services: " + string.Join(", ", known));

    private static IEnumerable<string> Lines(ServiceView view)
    {
        yield return $"{view.Name,-20} {ServiceText.Headline(view)}{(view.Address is { } address ? "  " + address : "")}";
        foreach (var version in ServiceText.Versions(view))
            yield return "  " + version;
    }

    private static IEnumerable<string> Details(ServiceView view)
    {
        if (view.Scaling is { } scaling)
            yield return $"  scaling    {scaling.Min} to {scaling.Max}{(scaling.Asked is { } asked ? $", {asked} asked for" : "")}{(scaling.Why is { } why ? ": " + why : "")}";
        foreach (var version in view.Versions.Where(v => v.Error is not null))
            yield return $"  given up   v{version.Version}: {version.Error!.Message}";
        foreach (var replica in view.Replicas)
            yield return $"  replica    v{replica.Version} #{replica.Number}  {Core.Wire.Name(replica.State),-9}  since {replica.Since.ToLocalTime():HH:mm:ss}"
                + $"{(replica.Restarts > 0 ? $"  {replica.Restarts} restarts" : "")}{(replica.Location is { } at ? "  at " + at : "")}{(replica.Error is { } error ? "  " + error.Message : "")}";
    }

    private static async Task<int> DrawAsync<T>(
        ParseResult parsed, bool watch, Func<Task<T>> look, Func<T, IReadOnlyList<string>> lines, CancellationToken cancellationToken)
    {
        if (!watch || parsed.GetValue(Commands.Json) || !Terminal.OutputIsTerminal)
        {
            do
            {
                foreach (var line in lines(await look()))
                    Terminal.Line(line);
                if (watch)
                    await Task.Delay(Look, TimeProvider.System, cancellationToken);
            }
            while (watch);
            return ExitCodes.Done;
        }

        await AnsiConsole.Live(new Text("")).StartAsync(async live =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                live.UpdateTarget(new Text(string.Join('\n', lines(await look()).Select(Terminal.Plain))));
                live.Refresh();
                await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
        return ExitCodes.Done;
    }

    private static string Quoted(string name) => JsonSerializer.Serialize(name, CliJson.Default.String);
}
