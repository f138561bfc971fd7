using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Tests.Planning;

[Trait("BadInput", "B57")]
public sealed class StuckDetectorTests
{
    private static readonly StepOutcome Failed = new StepOutcome.Failed(new Fault("broken", "no"));

    private static PlanAction.CallTool Call(string tool) => new("box", tool);

    [Fact]
    public void Same_action_and_outcome_three_times_is_stuck()
    {
        var detector = new StuckDetector();
        Assert.Null(detector.Note(Call("a"), Failed));
        Assert.Null(detector.Note(Call("a"), Failed));
        Assert.Equal("stuck", detector.Note(Call("a"), Failed)!.Code);
    }

    [Fact]
    public void Another_outcome_is_not_the_same()
    {
        var detector = new StuckDetector();
        for (var i = 0; i < 10; i++)
            Assert.Null(detector.Note(Call("a"), new StepOutcome.Succeeded("ok", Requests.Json($"{{\"n\":{i}}}"))));
    }

    [Fact]
    public void Two_actions_that_take_turns_over_six_steps_are_stuck()
    {
        var detector = new StuckDetector();
        Fault? said = null;
        for (var i = 0; i < 6; i++)
        {
            Assert.Null(said);
            said = detector.Note(Call(i % 2 == 0 ? "a" : "b"), new StepOutcome.Succeeded("ok", Requests.Json($"{i}")));
        }

        Assert.Contains("took turns", said!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_plans_that_bring_nothing_new_are_stuck()
    {
        var detector = new StuckDetector();
        detector.Note(Call("a"), new StepOutcome.Succeeded("ok"));
        Assert.Null(detector.NoteReplan());
        Assert.Null(detector.NoteReplan());
        Assert.Null(detector.NoteReplan());
        Assert.NotNull(detector.NoteReplan());
    }

    [Fact]
    public void Progress_between_plans_starts_the_count_anew()
    {
        var detector = new StuckDetector();
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(detector.NoteReplan());
            Assert.Null(detector.Note(Call("t" + i), new StepOutcome.Succeeded("ok")));
        }
    }
}
