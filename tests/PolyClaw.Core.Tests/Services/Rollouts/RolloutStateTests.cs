using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

public sealed class RolloutStateTests
{
    [Fact, Trait("Promise", "P60")]
    public void A_state_is_the_same_after_a_stay_in_the_journal()
    {
        var state = new RolloutState(
            new RolloutOrder(RolloutStrategy.BlueGreen, 2, 4, 1, 4, null, true, true), RolloutPhase.RestoringOld, 100, 25, RolloutWalk.Noon,
            RolloutWalk.Noon.AddSeconds(1.5), 3, 2, TimeSpan.FromMilliseconds(12.5), new Desired(4, 2, 40), new Fault("bad_metrics", "it is slow"));
        Assert.Equal(state, Back(state));
        var first = Rollout.Start(new RolloutOrder(RolloutStrategy.Canary, 1, 1), new RolloutOptions(), RolloutWalk.Noon);
        Assert.Equal(first, Back(first));
    }

    [Fact]
    public void Names_on_the_wire_are_snake_case()
    {
        var state = Rollout.Start(RolloutWalk.Order(RolloutStrategy.BlueGreen), new RolloutOptions(), RolloutWalk.Noon);
        var text = RolloutJournal.Write(state);
        Assert.Contains("\"strategy\":\"blue_green\"", text, StringComparison.Ordinal);
        Assert.Contains("\"phase\":\"progressing\"", text, StringComparison.Ordinal);
        Assert.Contains("\"stage_began\":", text, StringComparison.Ordinal);
    }

    private static RolloutState Back(RolloutState state) => RolloutJournal.Read(RolloutJournal.Write(state));
}
