using System.Diagnostics;
using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Services;

/// <summary>Runs a demonstration as a person does: the script of <c>samples/services</c>, on a real engine, in a home of its own.</summary>
internal static class Demonstration
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>Its exit code and what it printed.</summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">What it reads from its environment.</param>
    public static async Task<(int Code, string Text)> RunAsync(string script, string[] arguments, params (string Name, string Value)[] variables)
    {
        var engine = Required("POLYCLAW_TEST_DOCKER");
        var sample = Required("POLYCLAW_TEST_SERVICE_PROGRAM");
        var home = Directory.CreateTempSubdirectory("pcd-");
        var info = new ProcessStartInfo("bash", [Path.Combine(TestHome.RepositoryRoot, "samples", "services", script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("POLYCLAW", StringComparison.OrdinalIgnoreCase)).ToList())
            info.Environment.Remove(name);
        info.Environment["DOCKER_HOST"] = engine;
        info.Environment["POLYCLAW"] = string.Join(' ', TestHome.Command);
        info.Environment["POLYCLAW_HOME"] = home.FullName;
        info.Environment["SAMPLE_SERVICE"] = sample;
        info.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in variables)
            info.Environment[name] = value;
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var said = process.StandardError.ReadToEndAsync(limit.Token);
            var text = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            home.Delete(recursive: true);
            return (process.ExitCode, text + await said);
        }
        catch (OperationCanceledException) when (!process.HasExited)
        {
            // The script removes what it has made.
            using var end = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);
            throw;
        }
    }

    /// <summary>What the set-up has made; without it the test skips, or fails where it is required.</summary>
    public static string Required(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            return value;
        var missing = $"{variable} is not set: eng/test.sh makes it";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("POLYCLAW_TEST_REQUIRE_ENGINE") != "1", missing);
        Assert.Fail(missing);
        throw new UnreachableException();
    }
}
