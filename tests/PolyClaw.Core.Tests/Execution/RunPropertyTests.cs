using System.Text.Json;
using CsCheck;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>Whatever the plan and however its steps end, the invariants hold.</summary>
public sealed class RunPropertyTests
{
    private enum Fate
    {
        Good,
        Fails,
        Busy,
        Lost,
        Throws,
    }

    /// <summary>A step: what it does, how it ends, which of the earlier steps it waits for.</summary>
    private static readonly Gen<(bool Create, Fate Fate, int After)> Step = Gen.Select(Gen.Bool, Gen.Frequency((5, Gen.Const(Fate.Good)), (1, Gen.Enum<Fate>())), Gen.Int[-3, 10]);

    [Fact, Trait("Promise", "P60"), Trait("Threat", "T26")]
    public async Task The_fold_of_the_journal_is_the_state_and_the_invariants_hold() =>
        await Gen.Select(Step.Array[1, 8], Gen.Enum<Answer>(), Gen.Bool).SampleAsync(
            async (steps, answer, cancel) => await RunAsync(steps, answer, cancel), iter: 60, threads: 1);

    private enum Answer
    {
        Repeat,
        Happened,
        DidNotHappen,
    }

    private static async Task RunAsync((bool Create, Fate Fate, int After)[] steps, Answer answer, bool cancel)
    {
        await using var house = new RunHouse();
        var plan = new List<PlanStep> { RunHouse.Create("base") };
        var fates = new Dictionary<string, Fate>(StringComparer.Ordinal);
        for (var i = 0; i < steps.Length; i++)
        {
            var after = steps[i].After >= 0 && steps[i].After < i ? plan[steps[i].After + 1].Id : "make-base";
            var step = steps[i].Create && i < 4 ? RunHouse.Create("s" + i, after) : RunHouse.Call("c" + i, "base.pay", $$"""{"n":{{i}}}""", after);
            plan.Add(step);
            fates[step.Id.StartsWith("make", StringComparison.Ordinal) ? "create s" + i : $$"""call base.pay {"n":{{i}}}"""] = steps[i].Fate;
        }

        house.World.Script = (what, _) => fates.Remove(what, out var fate) ? fate switch
        {
            Fate.Good => Task.FromResult<object?>(null),
            Fate.Fails => Task.FromResult<object?>(Failed(what, transient: false)),
            Fate.Busy => Task.FromResult<object?>(Failed(what, transient: true)),
            Fate.Lost => Task.FromResult<object?>(what.StartsWith("call", StringComparison.Ordinal) ? RunHouse.Lost() : null),
            _ => throw new InvalidOperationException("scripted"),
        } : Task.FromResult<object?>(null);

        var run = RunId.New();
        var history = await house.Journal.AppendAsync(
            StreamName.Run(run, "acme"),
            new JournalEvent.RunCreated(run, "a goal", RunHouse.Agent, false, new RunLimits(), []),
            new JournalEvent.PlanMade("direct", "x", [.. RunHouse.WithDone([.. plan]).Steps.Select(StepRecord.Of)], false));
        using var driver = new RunDriver(house.Rules, history, resumed: false);
        var driving = driver.RunAsync(CancellationToken.None);
        while (!driving.IsCompleted)
        {
            var changed = driver.Changed;
            if (driver.Read(s => s.Pending.FirstOrDefault()) is { } asked)
            {
                if (cancel)
                    await driver.CancelAsync(RunHouse.Person, rollback: true);
                else
                    await driver.AnswerAsync(asked.InputId, RunHouse.Person, null, InputAnswers.DoubtChoices[(int)answer]);
            }
            else
            {
                await Task.WhenAny(changed, driving);
            }
        }

        await driving;
        var entries = house.Journal.Read(run.Value);
        Assert.Equal(Picture(RunState.Load(entries)), driver.Read(Picture));
        AssertInvariants(house, entries);
        house.AssertSound();
    }

    private static void AssertInvariants(RunHouse house, IReadOnlyList<JournalEntry> entries)
    {
        var state = new RunState();
        var (started, used) = (0, 0L);
        foreach (var entry in entries)
        {
            Assert.False(state.Status.IsTerminal(), "something follows the end"); // I7
            state.Apply(entry);
            Assert.True(state.StepsStarted >= started && state.Usage.InputTokens >= used, "a budget went down"); // I6
            (started, used) = (state.StepsStarted, state.Usage.InputTokens);
        }

        Assert.True(state.Status.IsTerminal());
        Assert.All(state.Steps, s => Assert.True(s.Status is not (StepStatus.Running or StepStatus.Allowed or StepStatus.Planned), $"{s.Step.Id} is {s.Status}"));
        Assert.All(house.World.Effects.Where(e => !e.Key.StartsWith("remove", StringComparison.Ordinal)), e => Assert.Equal(1, e.Value)); // I2
        if (state.Status is RunStatus.RolledBack or RunStatus.Cancelled)
            Assert.Empty(house.World.Servers);
    }

    private static object Failed(string what, bool transient) => what.StartsWith("call", StringComparison.Ordinal)
        ? RunHouse.NotCalled(transient)
        : new ServerOutcome.Failed(new Fault("no", "scripted"), transient);

    private static string Picture(RunState s) => JsonSerializer.Serialize(new
    {
        View = RunViews.Of(s, Isolation.Container, s.UpdatedAt, (_, _) => null),
        s.StepsStarted,
        s.Replans,
        s.Continuations,
        s.Wave,
        s.RollingBack,
        Used = s.UsedInputs.Order(),
        Spent = s.Spent(s.UpdatedAt),
        Steps = s.Steps.Select(x => new { x.Step.Id, x.Status, x.Retries, x.EndOrder, x.Undoing, Key = x.Intent?.Key, Undo = x.UndoOutcome?.Message }),
    });
}
