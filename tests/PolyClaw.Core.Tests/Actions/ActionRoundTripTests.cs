using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Actions;

public class ActionRoundTripTests
{
    [Theory]
    [InlineData(ActionNames.CheckResourceAvailability, """{"resources":{"cpu":"500m"}}""")]
    [InlineData(ActionNames.CreateMcpServer, """{"name":"fetch","source":{"kind":"image","image":"mcp/fetch","args":["x"]},"network":"none"}""")]
    [InlineData(ActionNames.CreateMcpServer, """{"name":"far","source":{"kind":"remote","url":"https://mcp.example.com/mcp"}}""")]
    [InlineData(ActionNames.CallTool, """{"server":"sales","tool":"total","arguments":{"a":1}}""")]
    [InlineData(ActionNames.DecommissionMcpServer, """{"name":"sales"}""")]
    [InlineData(ActionNames.AskUser, """{"question":"Which region?","choices":["north"]}""")]
    [InlineData(ActionNames.Report, """{"text":"All done."}""")]
    [InlineData(ActionNames.Done, """{"summary":"All done."}""")]
    public void Parameters_are_read_and_written_the_same(string name, string parameters)
    {
        using var document = JsonDocument.Parse(parameters);
        var action = ActionFormat.Read(name, document.RootElement);
        Assert.Equal(name, action.ActionName);
        Assert.Equal(CanonicalJson.Write(document.RootElement), CanonicalJson.Write(ActionFormat.WriteParameters(action)));
    }

    [Fact]
    public void A_name_cannot_be_smuggled_in_among_the_parameters()
    {
        using var document = JsonDocument.Parse("""{"name":"sales","action_name":"DONE"}""");
        Assert.Throws<JsonException>(() => ActionFormat.Read(ActionNames.DecommissionMcpServer, document.RootElement));
    }

    [Fact]
    public void Two_actions_that_differ_have_two_digests()
    {
        var spec = new ServerSpec("far", new ServerSource.Remote("https://a.example.com/"));
        Assert.NotEqual(
            ActionDigest.Of(new PlanAction.CreateMcpServer(spec)),
            ActionDigest.Of(new PlanAction.CreateMcpServer(spec with { Source = new ServerSource.Remote("https://b.example.com/") })));
    }
}
