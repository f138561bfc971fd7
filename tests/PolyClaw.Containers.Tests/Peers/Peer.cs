namespace PolyClaw.Containers.Tests.Peers;

/// <summary>What the set-up made for tests against servers that we did not write.</summary>
internal static class Peer
{
    /// <summary>What a variable says; without it the test skips and says so, or fails under POLYCLAW_TEST_REQUIRE_ENGINE=1.</summary>
    public static string Require(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            return value;
        var missing = $"{variable} is not set: eng/test.sh makes the peers";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("POLYCLAW_TEST_REQUIRE_ENGINE") != "1", missing);
        Assert.Fail(missing);
        return "";
    }
}
