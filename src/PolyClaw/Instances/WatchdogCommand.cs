using PolyClaw.Containers;

namespace PolyClaw.Instances;

/// <summary>The hidden command that an instance starts its watchdog with: this very program, which then does nothing but watch.</summary>
internal static class WatchdogCommand
{
    /// <summary>The command.</summary>
    public const string Name = "watchdog";

    private const int First = 1;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <summary>Lets the instance start one, unless it is the first process of a container: with that one all others die, a watchdog as well.</summary>
    public static IServiceCollection AddWatchdog(this IServiceCollection services)
    {
        if (Environment.ProcessId == First || Environment.ProcessPath is not { } program)
            return services;
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "polyclaw.dll"), Name] : [Name];
        return services.AddSingleton(new WatchdogLaunch(program, arguments, Wait));
    }

    /// <summary>Watches over what the instance at the other end of the input holds.</summary>
    public static async Task<int> RunAsync(Stream lifeline)
    {
        // A signal to the instance's whole group, or the end of its terminal, must not take its watchdog along.
        Daemon.LeaveTerminal();
        return await Watchdog.RunAsync(lifeline, TimeProvider.System, CancellationToken.None) ? 0 : 1;
    }
}
