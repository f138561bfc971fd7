using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Tests.Walls;

public class CoreWallTests
{
    private static readonly string[] Forbidden =
        ["Docker.", "Microsoft.AspNetCore.", "System.Net.Http", "System.Net.Sockets", "System.Net.WebSockets", "System.Net.Requests", "System.Net.Quic", "System.Net.Security", "ModelContextProtocol", "PolyClaw.Containers"];

    [Fact]
    public void Core_knows_no_engine_no_web_server_and_no_network() =>
        Assert.Empty(Breaches(typeof(PolicyGate).Assembly.Location));

    [Fact]
    public void The_check_finds_who_does()
    {
        var found = Breaches(typeof(Outsider).Assembly.Location);
        Assert.Contains("System.Net.Sockets", found);
        Assert.Contains("System.Net.Http", found);
    }

    private static HashSet<string> Breaches(string assembly) => CallFinder.ReferencesOf(assembly)
        .Where(name => Forbidden.Any(f => name.StartsWith(f, StringComparison.Ordinal)))
        .ToHashSet(StringComparer.Ordinal);
}
