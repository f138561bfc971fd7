using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes.Local;

namespace PolyClaw.Containers.Tests.Engines;

/// <summary>
/// The static ToolServer itself: the one that <c>POLYCLAW_TOOLSERVER</c> names, else published from this checkout and cached, as
/// <c>dotnet run</c> does it.
/// </summary>
internal static class RealToolServer
{
    private static readonly CachedToolServer Server = Open();

    public static IToolServerBinary Binary => Server;

    /// <summary>Call before use: skips, or fails where nothing may be missing.</summary>
    public static async Task RequireAsync()
    {
        if (await Server.GetAsync(new Heard(), TestContext.Current.CancellationToken) is not ToolServerBinary.Missing missing)
            return;
        Assert.SkipWhen(Environment.GetEnvironmentVariable("POLYCLAW_TEST_REQUIRE_ENGINE") != "1", missing.Error.ToString());
        Assert.Fail(missing.Error.ToString());
    }

    private static CachedToolServer Open()
    {
        var named = Environment.GetEnvironmentVariable("POLYCLAW_TOOLSERVER");
        var locator = new ToolServerLocator(string.IsNullOrEmpty(named) ? null : named, AppContext.BaseDirectory, Environment.GetEnvironmentVariable, Environment.ProcessPath);
        return new(
            locator,
            ToolServerCheckout.Find(AppContext.BaseDirectory),
            new DotnetPublisher(locator.Dotnet(), Environment.GetEnvironmentVariable),
            CachedToolServer.UsualCache(Environment.GetEnvironmentVariable),
            TimeProvider.System);
    }
}
