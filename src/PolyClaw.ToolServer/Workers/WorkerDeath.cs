using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Workers;

/// <summary>What it means that a worker ended before its call did.</summary>
internal static class WorkerDeath
{
    private const int Signalled = 128;
    private const int Abort = Signalled + 6;
    private const int Kill = Signalled + 9;
    private const int Segment = Signalled + 11;
    private const int ProcessorTime = Signalled + 24;

    public static string Describe(int exitCode, string errors, LimitsDefinition limits) => exitCode switch
    {
        _ when Says(errors, "out of memory", "OutOfMemory") => Memory(limits),
        _ when Says(errors, "stack overflow", "StackOverflow") => Stack(),
        Segment => Stack(),
        Kill => $"the tool's process was killed by the system, which does so when memory runs out ({limits.MemoryMib} MiB are this call's limit): keep less in memory",
        ProcessorTime => $"the tool's process was ended by the system after {limits.CallSeconds} s, the call's limit: do less work in a call",
        Abort => "the tool's process aborted: its code used up the stack or the memory; use loops instead of recursion and keep less in memory",
        _ => $"the tool's process ended with exit code {exitCode} before the call did",
    };

    private static string Memory(LimitsDefinition limits) =>
        $"the tool's code used more than {limits.MemoryMib} MiB of memory, its limit: keep less, or make fewer temporary strings and arrays";

    private static string Stack() =>
        "the tool's code used up its stack: use a loop instead of recursion, and less deeply nested values";

    private static bool Says(string errors, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (errors.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
