using Microsoft.Extensions.Time.Testing;
using PolyClaw.Cli;
using PolyClaw.Core.Goals;
using PolyClaw.Instances;
using Spectre.Console;

namespace PolyClaw.Tests.Cli;

public sealed class DisplayTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Lines_tell_each_change_once()
    {
        var lines = new List<string>();
        var display = new LineDisplay(lines.Add, _clock);
        var looks = new Queue<RunView>([Run(RunStatus.Running, Step(StepStatus.Running)), Run(RunStatus.Running, Step(StepStatus.Running)), Run(RunStatus.Succeeded, Step(StepStatus.Succeeded, 1234, "two\nlines"))]);
        await display.FollowAsync(Run(RunStatus.Planning), () => Task.FromResult(looks.Dequeue()));
        Assert.Equal(["running               a  call s.t", "succeeded      1.2 s  a  call s.t  two lines"], lines);
    }

    [Fact]
    public async Task A_step_that_takes_long_says_what_it_does_but_not_too_often()
    {
        var lines = new List<string>();
        var display = new LineDisplay(lines.Add, _clock);
        var says = new Queue<string>(["making", "making", "linking", "still linking", "still linking", "still linking"]);
        await display.FollowAsync(Run(RunStatus.Running, Step(StepStatus.Running)), () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(says.TryDequeue(out var text) ? Run(RunStatus.Running, Step(StepStatus.Running, message: text)) : Run(RunStatus.Succeeded, Step(StepStatus.Succeeded, 9, "made")));
        });
        Assert.Equal(["a  call s.t", "a  call s.t  linking", "a  call s.t  still linking", "a  call s.t  made"], lines.Select(l => l[22..]));
    }

    [Fact]
    public void Each_weakness_of_an_engine_is_a_note_of_the_doctor()
    {
        var status = new InstanceStatus(1, "1", "/h", 1, 1, 0, 0, "docker", "container", "Docker 20.10", null, false, ["runc is old", "no seccomp"]);
        var findings = DoctorCommand.Findings(status);
        Assert.Equal([new Finding("docker", false, "runc is old"), new Finding("docker", false, "no seccomp")], findings.Where(f => f.What == "docker"));
        Assert.DoesNotContain(DoctorCommand.Findings(status with { RuntimeWarnings = null }), f => f.What == "docker");
    }

    [Fact]
    public async Task A_live_step_takes_one_row_however_long_its_message_is()
    {
        var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new Narrow(written) });
        var display = new PolyClaw.Cli.LiveDisplay(console, _clock);
        await display.FollowAsync(
            Run(RunStatus.Succeeded, Step(StepStatus.Succeeded, 5, new string('宽', 200) + "[red]\u001b[2J"), Step(StepStatus.Failed, 61_000, "no [markup]")),
            () => throw new InvalidOperationException("it had settled"));
        var rows = written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("…", rows[0], StringComparison.Ordinal);
        // The second step stands in the second row: the first took no more than its own.
        Assert.StartsWith("✗ 1 min 1 s  a  call s.t  no [markup]", rows[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.4, "0 ms")]
    [InlineData(999, "999 ms")]
    [InlineData(1500, "1.5 s")]
    [InlineData(125_000, "2 min 5 s")]
    public void Times_read_well(double ms, string text) => Assert.Equal(text, StepText.Time(ms));

    [Fact]
    public void A_text_is_never_cut_through_a_character() => Assert.Equal("a…", StepText.OneLine("a😀bc", 3));

    [Theory]
    [InlineData(RunStatus.Succeeded, null, 0)]
    [InlineData(RunStatus.Planned, null, 0)]
    [InlineData(RunStatus.AwaitingInput, null, 3)]
    [InlineData(RunStatus.Failed, "policy_denied", 4)]
    [InlineData(RunStatus.Failed, "no_model", 1)]
    [InlineData(RunStatus.Cancelled, null, 1)]
    [InlineData(RunStatus.BudgetExhausted, null, 1)]
    public void A_runs_end_is_the_exit_code(RunStatus status, string? error, int code) =>
        Assert.Equal(code, ExitCodes.Of(Run(status) with { Error = error is null ? null : new Fault(error, "x") }));

    private static StepView Step(StepStatus status, double? ms = null, string? message = null) =>
        new("a", "call_tool", "s.t", [], status, message, null, ms);

    private static RunView Run(RunStatus status, params StepView[] steps) => new()
    {
        RunId = "run_AAAAAAAAAAAAAAAAAAAAAA",
        Status = status,
        Goal = "g",
        Plan = steps,
        Artifacts = [],
        ResourcesCreated = [],
        Position = 1,
        Usage = new UsageView(0, 0, 0, 0, 0),
        Next = "",
    };

    private sealed class Narrow(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => 60;

        public int Height => 20;

        public void SetEncoding(System.Text.Encoding encoding)
        {
            // A string has none.
        }
    }
}
