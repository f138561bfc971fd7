using System.Text.Json;
using System.Text.Json.Serialization;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Tests.Services.Scaling;

[Trait("Promise", "P53")]
public sealed class ScalingStateTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(300);

    [Fact]
    public void A_long_fall_is_remembered_in_few_entries_of_which_none_is_given_up_early()
    {
        IReadOnlyList<Recommendation> kept = [];
        var all = new List<Recommendation>();
        for (var second = 0; second < 900; second++)
        {
            var now = ScalingWalk.Noon.AddSeconds(second);
            all.Add(new Recommendation(now, 1000 - second));
            kept = DownWindow.Add(kept, 1000 - second, 1000, now, Window);
            Assert.InRange(kept.Count, 1, ScalingState.MostKept);
            Assert.True(kept[0].Replicas >= all.Where(r => now - r.At < Window).Max(r => r.Replicas));
            Assert.Equal(kept.OrderBy(r => r.At).ThenByDescending(r => r.Replicas), kept);
        }
    }

    [Fact]
    public void Many_changes_are_remembered_in_few_entries_that_sum_up_to_them()
    {
        var options = new ScalingOptions { RatePeriod = TimeSpan.FromMinutes(30) };
        IReadOnlyList<ReplicaChange> kept = [];
        for (var second = 0; second < 200; second++)
            kept = Pace.Add(kept, second % 3 == 0 ? -1 : 1, ScalingWalk.Noon.AddSeconds(second), options);
        Assert.Equal(ScalingState.MostKept, kept.Count);
        Assert.Equal(66, kept.Sum(c => c.By));
    }

    [Fact, Trait("Promise", "P60")]
    public void A_state_is_the_same_after_a_stay_in_the_journal()
    {
        var walk = new ScalingWalk(4);
        walk.Look(20);
        walk.Ask(30);
        walk.Look(8, after: 20);
        var json = new ScalingJson(new JsonSerializerOptions(JournalJson.Default.Options));
        var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(walk.State, json.ScalingState), json.ScalingState)!;
        Assert.Equal(walk.State.Asked, back.Asked);
        Assert.Equal(walk.State.Recommendations, back.Recommendations);
        Assert.Equal(walk.State.Changes, back.Changes);
        Assert.NotEmpty(back.Changes);
    }
}

[JsonSerializable(typeof(ScalingState))]
internal sealed partial class ScalingJson : JsonSerializerContext;
