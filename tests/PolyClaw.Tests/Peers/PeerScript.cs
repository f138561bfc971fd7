using System.Diagnostics;
using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Peers;

/// <summary>Runs a script of <c>eng/</c> that puts a client which we did not write on the built program.</summary>
internal static class PeerScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>The fixtures of the conformance suite behind our HTTP pipeline, built along with these tests.</summary>
    public static string FixtureHost { get; } = TestHome.Program
        .Replace(Path.Combine("src", "PolyClaw", "bin"), Path.Combine("tests", "PolyClaw.Conformance", "bin"), StringComparison.Ordinal)
        .Replace("polyclaw.dll", "PolyClaw.Conformance.dll", StringComparison.Ordinal);

    /// <summary>The table that the script prints. It must succeed; without the npm peers the test skips, or fails where they are required.</summary>
    public static async Task<string> TableAsync(string script, params string[] arguments)
    {
        RequirePeers();
        var info = new ProcessStartInfo("bash", [Path.Combine(TestHome.RepositoryRoot, "eng", script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["POLYCLAW_CONFORMANCE_HOST"] = FixtureHost;
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var said = process.StandardError.ReadToEndAsync(limit.Token);
            var table = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{script} ends with {process.ExitCode}:\n{table}{await said}");
            return table;
        }
        catch (OperationCanceledException) when (!process.HasExited)
        {
            // The script ends what it has started.
            using var end = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);
            throw;
        }
    }

    private static void RequirePeers()
    {
        foreach (var variable in new[] { "POLYCLAW_TEST_PEERS", "POLYCLAW_TEST_NODE22" })
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 })
                continue;
            var missing = $"{variable} is not set: eng/test.sh makes the peers";
            Assert.SkipWhen(Environment.GetEnvironmentVariable("POLYCLAW_TEST_REQUIRE_ENGINE") != "1", missing);
            Assert.Fail(missing);
        }
    }
}
