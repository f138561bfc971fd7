using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Tests.Policy;

[Trait("Threat", "T25")]
public class ApprovalTextTests
{
    [Theory]
    [InlineData("\u202Egnp.exe", "\\u202E")]
    [InlineData("\u001b[31mred", "\\u001B")]
    [InlineData("two\r\nlines", "\\r\\n")]
    [InlineData("\u200B", "\\u200B")]
    [InlineData("\U000E0041", "\\uDB40\\uDC41")]
    [InlineData("s\u0430les", "\\u0430")]
    public void Nothing_in_an_action_can_hide_from_the_person_who_approves(string text, string shown)
    {
        using var arguments = JsonDocument.Parse($$"""{"name":{{JsonSerializer.Serialize(text)}}}""");
        var approval = ApprovalText.Of(new PlanAction.CallTool("files", "delete", arguments.RootElement));
        Assert.StartsWith("call_tool {", approval, StringComparison.Ordinal);
        Assert.Contains(shown, approval, StringComparison.OrdinalIgnoreCase);
        Assert.All(approval, c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void Raw_characters_of_the_request_are_escaped_as_well()
    {
        using var arguments = JsonDocument.Parse("{\"na\u202Eme\":\"x\u202Ey\"}");
        Assert.All(ApprovalText.Of(new PlanAction.CallTool("files", "delete", arguments.RootElement)), c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void Nothing_is_cut()
    {
        var code = new string('x', 50_000);
        var action = new PlanAction.Report(code);
        Assert.Contains(code, ApprovalText.Of(action), StringComparison.Ordinal);
    }
}
