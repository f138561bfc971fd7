using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Workers;

namespace PolyClaw.ToolServer.Tests.Workers;

public sealed class WorkerDeathTests
{
    [Theory]
    [InlineData(134, "Stack overflow.\n   at Jint…", "stack")]
    [InlineData(134, "Process is terminating due to StackOverflowException.", "stack")]
    [InlineData(139, "", "stack")]
    [InlineData(134, "Out of memory.", "256 MiB of memory")]
    [InlineData(134, "", "stack or the memory")]
    [InlineData(137, "", "memory runs out")]
    [InlineData(152, "", "after 10 s")]
    [InlineData(3, "", "exit code 3")]
    public void Names_the_cause(int exitCode, string errors, string told)
    {
        var reason = WorkerDeath.Describe(exitCode, errors, new LimitsDefinition());

        Assert.Contains(told, reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Jint", reason, StringComparison.Ordinal);
    }
}
