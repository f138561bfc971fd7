#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PolyClaw.Containers.Tests.Children;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Peers;

/// <summary>The reference server over HTTP, as a server that runs elsewhere: source <c>remote</c>.</summary>
public sealed class RemotePeerTests : IAsyncLifetime
{
    private const int TestTimeout = 120_000;

    private Process? _peer;
    private string _url = "";

    [Fact(Timeout = TestTimeout), Trait("Promise", "P40")]
    public async Task Everything_over_HTTP_is_listed_called_and_let_go()
    {
        await using var house = new House(new FakeRuntime(_ => throw new InvalidOperationException("a remote server needs no runtime")), TimeProvider.System);
        var info = await house.CreatedAsync(new ServerSpec("far", new ServerSource.Remote(_url)));
        Assert.Equal(Isolation.Remote, info.Isolation);
        Assert.Equal(13, info.Tools.Count);
        var answered = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("echo", """{"message":"over HTTP"}""", server: "far"));
        Assert.Equal("Echo: over HTTP", answered.Result.GetProperty("content")[0].GetProperty("text").GetString());
        var heard = new Heard();
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("trigger-long-running-operation", """{"duration":1,"steps":4}""", heard, "far"));
        Assert.NotEmpty(heard.Messages);
        Assert.IsType<ServerOutcome.Done>(await house.Servers.RemoveAsync(Permits.Remove("far"), House.Soon));
        Assert.Empty(house.Servers.List(Permits.Tenant));
        Assert.False(_peer!.HasExited, "a remote server is not ours to stop");
    }

    [Fact(Timeout = TestTimeout), Trait("BadInput", "B78"), Trait("Fault", "F3")]
    public async Task Gone_in_the_middle_of_a_call_it_is_lost_to_the_call_and_a_new_one_says_that_nobody_answers()
    {
        await using var house = new House(new FakeRuntime(_ => throw new InvalidOperationException("a remote server needs no runtime")), TimeProvider.System);
        await house.CreatedAsync(new ServerSpec("far", new ServerSource.Remote(_url)));
        var heard = new Heard();
        var call = house.CallAsync("trigger-long-running-operation", """{"duration":100,"steps":100}""", heard, "far");
        while (heard.Messages.IsEmpty)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, House.Soon);
        _peer!.Kill(entireProcessTree: true);
        Assert.IsType<ToolOutcome.Lost>(await call);
        await house.ReachesAsync(ServerState.Unhealthy, "far");
        Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync("echo", """{"message":"x"}""", server: "far"));
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P43")]
    public async Task Unused_it_is_let_go_and_taken_up_again_on_use()
    {
        await using var house = new House(new FakeRuntime(_ => throw new InvalidOperationException("a remote server needs no runtime")));
        house.Options.HealthInterval = TimeSpan.FromHours(1);
        await house.CreatedAsync(new ServerSpec("far", new ServerSource.Remote(_url), IdleMinutes: 1));
        house.Clock.Advance(TimeSpan.FromSeconds(61));
        await house.ReachesAsync(ServerState.Idle, "far");
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("echo", """{"message":"again"}""", server: "far"));
    }

    public async ValueTask InitializeAsync()
    {
        var folder = Peer.Require("POLYCLAW_TEST_PEERS");
        var node = Peer.Require("POLYCLAW_TEST_NODE22");
        var port = FreePort();
        var info = new ProcessStartInfo(node, [Path.Combine(folder, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"), "streamableHttp"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        info.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        _peer = Process.Start(info)!;
        _ = _peer.StandardOutput.ReadToEndAsync(House.Soon);
        // Its first line on stderr says that it listens.
        while (await _peer.StandardError.ReadLineAsync(House.Soon) is { } line && !line.Contains("listening", StringComparison.OrdinalIgnoreCase))
        {
        }

        _ = _peer.StandardError.ReadToEndAsync(House.Soon);
        _url = $"http://127.0.0.1:{port}/mcp";
    }

    public ValueTask DisposeAsync()
    {
        if (_peer is { HasExited: false })
            _peer.Kill(entireProcessTree: true);
        _peer?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
