using System.CommandLine;
using PolyClaw.Core.Goals;
using PolyClaw.Instances;

namespace PolyClaw.Cli;

/// <summary>The command line's grammar. Each command lies in a file of its own.</summary>
internal static class Commands
{
    // A gateway lets what is under way finish.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(60);

    public static Option<bool> Json { get; } = new("--json") { Description = "Print JSON and nothing else", Recursive = true };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("PolyClaw: an MCP server that is itself an agent. Give it a goal; it plans, asks policy, does the work and leaves a record.")
        {
            RunCommand.Make(),
            RunsCommand.Make(),
            ServersCommand.Make(),
            ServicesCommand.Make(),
            ServeCommand.Make(),
            GatewayCommand.Make(),
            StatusCommand.Make(),
            StopCommand.Make(),
            DoctorCommand.Make(),
        };
        root.Options.Add(Json);
        var parsed = root.Parse(args);
        var help = parsed.Action is not null && parsed.Errors.Count > 0 && parsed.Action.GetType() == typeof(System.CommandLine.Help.HelpAction);
        if (parsed.Errors.Count == 0 || help)
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = EndWithin });
        var command = string.Join(' ', Names(parsed.CommandResult));
        Terminal.Error(
            new Fault("usage", string.Join("; ", parsed.Errors.Select(e => e.Message)), Fix: $"{command} --help"), args.Contains(Json.Name, StringComparer.Ordinal));
        return ExitCodes.Usage;
    }

    /// <summary>Gives a command its work, and tells its faults plainly.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var json = parsed.GetValue(Json);
            try
            {
                return await work(parsed, cancellationToken);
            }
            catch (UsageException e)
            {
                Terminal.Error(e.Fault, json);
                return ExitCodes.Usage;
            }
            catch (HomeFaultException e)
            {
                Terminal.Error(e.Fault, json);
                return ExitCodes.Failed;
            }
            catch (ToolFaultException e)
            {
                Terminal.Error(e.Fault, json);
                return ExitCodes.Of(e.Fault);
            }
            catch (ModelContextProtocol.McpException e)
            {
                Terminal.Error(new Fault("protocol_error", e.Message), json);
                return ExitCodes.Failed;
            }
            catch (BlobFaultException e)
            {
                Terminal.Error(e.Fault, json);
                return ExitCodes.Failed;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Terminal.Error(new Fault("file_fault", $"this machine refused to read or write: {e.Message}"), json);
                return ExitCodes.Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Interrupted;
            }
        });
        return command;
    }

    private static Stack<string> Names(System.CommandLine.Parsing.SymbolResult? at)
    {
        var names = new Stack<string>();
        for (; at is not null; at = at.Parent)
            if (at is System.CommandLine.Parsing.CommandResult command)
                names.Push(command.Command is RootCommand ? "polyclaw" : command.Command.Name);
        return names;
    }
}
