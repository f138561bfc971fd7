namespace PolyClaw.Containers;

/// <summary>How the app starts its own program as the watchdog of its containers: one that calls <see cref="Watchdog.RunAsync"/>.</summary>
/// <param name="Program">The program's file.</param>
/// <param name="Arguments">What makes it a watchdog.</param>
/// <param name="Wait">How long an instance that died has to come back and sweep for itself before its containers are removed. 10 s is usual.</param>
public sealed record WatchdogLaunch(string Program, IReadOnlyList<string> Arguments, TimeSpan Wait);
