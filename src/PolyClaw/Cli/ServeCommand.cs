using System.CommandLine;
using PolyClaw.Core.Goals;
using PolyClaw.Http;
using PolyClaw.Instances;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw serve</c>: MCP on stdio, or over HTTP.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    public static Command Make()
    {
        var http = new Option<string?>("--http") { Description = "Serve MCP over HTTP at this loopback address, for example 127.0.0.1:8484" };
        return new Command("serve", "Serve MCP on stdio, or with --http over HTTP") { http }.Does(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(http) is not { } text)
                return await Entry.ServeStdioAsync();
            System.Net.IPEndPoint address;
            try
            {
                address = LoopbackAddress.Parse(text);
            }
            catch (FormatException e)
            {
                throw new UsageException(new Fault("bad_address", e.Message, "--http"));
            }

            var home = Home.Open();
            home.RequireWritable();
            await TakeOverAsync(home, cancellationToken);
            return await InstanceCommand.HttpAsync(home, address, Terminal.Tell);
        });
    }

    /// <summary>One instance a home: one in the background that nobody needs makes room, a busy one does not.</summary>
    private static async Task TakeOverAsync(Home home, CancellationToken cancellationToken)
    {
        InstanceStatus status;
        try
        {
            await using var client = await InstanceClient.OpenAsync(home, start: false, cancellationToken);
            status = await client.ControlAsync(InstanceControl.StatusMethod, cancellationToken);
            if (status.Foreground || status.Runs > 0 || status.Connections > 1)
                throw new HomeFaultException(new Fault(
                    "instance_busy", $"process {status.Pid} serves this home already, with {status.Runs} runs and {status.Connections - 1} other connections", home.Folder,
                    "use that one, or end it with 'polyclaw stop'"));
            await client.ControlAsync(InstanceControl.StopMethod, cancellationToken);
        }
        catch (HomeFaultException e) when (e.Fault.Code == "no_instance")
        {
            return;
        }

        try
        {
            using var ending = System.Diagnostics.Process.GetProcessById(status.Pid);
            await ending.WaitForExitAsync(cancellationToken).WaitAsync(EndLimit, TimeProvider.System, cancellationToken);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
        catch (TimeoutException)
        {
            throw new HomeFaultException(new Fault("instance_busy", $"process {status.Pid} does not end", home.Folder, $"its log is {home.Log}"));
        }
    }
}
