using System.IO.Pipelines;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Core;
using PolyClaw.Core.Servers;
using PolyClaw.Mcp.Tools;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Tests.Mcp.Tools;

/// <summary>What a child answers, and how it reaches a client over the wire.</summary>
public sealed class CallToolToolTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pct-");
    private readonly AnsweringServers _children = new();
    private ServiceProvider _services = null!;
    private McpServer _server = null!;
    private McpClient _client = null!;
    private Task _serving = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddPolyClawCore(Path.Combine(_folder.FullName, "journal.db"), Path.Combine(_folder.FullName, "blobs"), Path.Combine(_folder.FullName, "runs"));
        services.AddSingleton<IChildServers>(_children);
        services.AddSingleton<McpServerTool, CallToolTool>();
        services.AddMcpServer().WithCallGuards();
        _services = services.BuildServiceProvider();
        var (up, down) = (new Pipe(), new Pipe());
        var options = _services.GetRequiredService<IOptionsFactory<McpServerOptions>>().Create(Options.DefaultName);
        options.ScopeRequests = false;
        _server = McpServer.Create(new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream(), "test", NullLoggerFactory.Instance), options, NullLoggerFactory.Instance, _services);
        _serving = _server.RunAsync(TestContext.Current.CancellationToken);
        _client = await McpClient.CreateAsync(new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream()), new McpClientOptions { ProtocolVersion = SurfaceInstance.Modern });
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [Trait("Promise", "P03")]
    [InlineData("""{"content":[{"type":"text","text":"hello","annotations":{"priority":0.50}}],"structuredContent":{"n":1.10,"big":12345678901234567890},"_meta":{"child/key":[1]}}""")]
    [InlineData("""{"content":[{"type":"hologram","data":{"x":1}},{"type":"text"},7,"x",null],"isError":false}""")]
    [InlineData("""{"content":[],"structuredContent":[1,2],"isError":true}""")]
    [InlineData("""{"content":[{"type":"text","text":"\uD83D\uDE00"}],"isError":"yes","_meta":7}""")]
    public async Task A_childs_result_arrives_as_it_was_written(string answer)
    {
        _children.Answer = answer;
        var (result, child) = (await CallAsync(), JsonNode.Parse(answer)!.AsObject());
        foreach (var name in (string[])["content", "structuredContent", "isError"])
            Assert.Equal(child[name]?.ToJsonString(), result[name]?.ToJsonString());
        if (child["_meta"] is JsonObject meta)
            Assert.All(meta, m => Assert.True(JsonNode.DeepEquals(m.Value, result["_meta"]![m.Key])));
        Assert.DoesNotContain("verbatim", result.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B34")]
    public async Task What_the_protocol_says_beside_a_result_is_not_the_childs()
    {
        _children.Answer = """{"content":[],"resultType":"input_required","requestState":"s","inputRequests":{"input":{}},"_meta":{"polyclaw/verbatim":{"content":[7]},"io.modelcontextprotocol/serverInfo":{"name":"evil"}}}""";
        var result = await CallAsync();
        Assert.NotEqual("input_required", (string?)result["resultType"]);
        Assert.False(result.ContainsKey("requestState") || result.ContainsKey("inputRequests"));
        Assert.Empty(result["content"]!.AsArray());
        Assert.DoesNotContain("evil", result["_meta"]?["io.modelcontextprotocol/serverInfo"]?.ToJsonString() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [Trait("BadInput", "B34")]
    [InlineData("""{"content":"x"}""")]
    [InlineData("""{"structuredContent":{}}""")]
    [InlineData("[]")]
    [InlineData("""{"content":[{"type":"text","text":"\ud800"}]}""")]
    [InlineData("""{"content":[],"\udc00":1}""")]
    public async Task What_is_no_result_is_told_as_the_childs_fault(string answer)
    {
        _children.Answer = answer;
        var result = await CallAsync();
        Assert.True((bool)result["isError"]!);
        Assert.Contains("child_answer_unusable", result.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_childs_progress_reaches_the_caller_that_asked_for_it()
    {
        _children.Progress = ["one", "two", "three"];
        var told = Channel.CreateUnbounded<JsonNode>();
        // The library's own progress handler goes with the answer, and may go before it has heard what came just ahead of it.
        await using var hearing = _client.RegisterNotificationHandler(
            NotificationMethods.ProgressNotification, (notification, token) => told.Writer.WriteAsync(notification.Params!, token));
        var parameters = CallParameters();
        parameters["_meta"] = new JsonObject { ["progressToken"] = "p" };
        await _client.SendRequestAsync(new JsonRpcRequest { Method = "tools/call", Params = parameters }, TestContext.Current.CancellationToken);
        var heard = new List<JsonNode>();
        while (heard.Count < 3)
            heard.Add(await told.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.All(heard, p => Assert.Equal("p", (string)p["progressToken"]!));
        Assert.Equal(["one", "two", "three"], heard.OrderBy(p => (double)p["progress"]!).Select(p => (string)p["message"]!));
    }

    private static JsonObject CallParameters() =>
        new() { ["name"] = "call_tool", ["arguments"] = new JsonObject { ["server"] = "a", ["tool"] = "t" } };

    private async Task<JsonObject> CallAsync()
    {
        var answer = await _client.SendRequestAsync(new JsonRpcRequest { Method = "tools/call", Params = CallParameters() }, TestContext.Current.CancellationToken);
        return answer.Result!.AsObject();
    }
}
