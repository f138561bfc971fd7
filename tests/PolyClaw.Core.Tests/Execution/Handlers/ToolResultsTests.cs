using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Tests.Execution.Handlers;

public sealed class ToolResultsTests
{
    [Theory]
    [Trait("BadInput", "B34")]
    [InlineData("""{"content":[{"type":7,"text":"x"},{"type":"text","text":7},{"type":"text"},7,null,"x",[]]}""")]
    [InlineData("""{"content":[{"type":"hologram","data":{"a":1}},{"type":"text","text":"\ud800"}]}""")]
    [InlineData("""{"content":[{"type":"resource","resource":7},{"type":"resource","resource":{"uri":7,"mimeType":[],"text":"a"}},{"type":"resource","resource":{"uri":"\ud800","blob":"%"}}]}""")]
    [InlineData("""{"content":[{"type":"resource","resource":{"uri":"u","text":"\ud800"}}],"structuredContent":7}""")]
    public async Task What_a_child_writes_against_the_form_is_data_and_never_our_fault(string answer)
    {
        var view = await RunAsync(answer);
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
    }

    [Theory]
    [InlineData("""{"content":"x"}""")]
    [InlineData("""{"structuredContent":{"a":1}}""")]
    [InlineData("""{"content":[],"structuredContent":{"a":["\ud800"]}}""")]
    [InlineData("""{"content":[],"structuredContent":{"\ud800":1}}""")]
    [InlineData("[]")]
    [InlineData("7")]
    public async Task An_answer_without_a_list_of_content_fails_the_step_and_says_why(string answer)
    {
        var view = await RunAsync(answer);
        Assert.Equal(RunStatus.RolledBack, view.Status);
        Assert.Equal((StepStatus.Failed, "child_answer_unusable"), (view.Plan.Single(s => s.Id == "call").Status, view.Error!.Code));
    }

    private static async Task<RunView> RunAsync(string answer)
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => Task.FromResult<object?>(what.StartsWith("call", StringComparison.Ordinal) ? FakeChildServers.Answer(answer) : null);
        return await house.RunAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("call", "a.pay", "{}", "make-a")));
    }
}
