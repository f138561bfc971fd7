using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Goals;
using PolyClaw.Mcp;

namespace PolyClaw.Tests.Mcp;

[Trait("Threat", "T03")]
public sealed class RequestSealTests : IDisposable
{
    private static readonly Principal Caller = new("acme", "mcp", PrincipalKind.Agent);

    private readonly FakeTimeProvider _clock = new();
    private readonly RequestSeal _seal;
    private readonly RunId _run = RunId.New();

    public RequestSealTests() => _seal = new RequestSeal(_clock);

    public void Dispose() => _seal.Dispose();

    [Fact]
    public void What_was_asked_is_read_back_by_whom_it_was_asked()
    {
        var (run, input, fault) = _seal.Open(Caller, "get_run", State());
        Assert.Equal((_run, "input_1", null), (run, input, fault));
    }

    [Fact]
    public void It_is_nobody_elses_and_no_other_tools()
    {
        foreach (var other in new[] { Caller with { Tenant = "globex" }, Caller with { Name = "http" }, Caller with { Kind = PrincipalKind.Person }, new Principal("acmem", "cp", PrincipalKind.Agent) })
            Assert.Equal("bad_request_state", _seal.Open(other, "get_run", State()).Fault!.Code);
        Assert.Equal("bad_request_state", _seal.Open(Caller, "answer_run", State()).Fault!.Code);
    }

    [Fact]
    public void It_ends_after_an_hour_and_says_how_to_be_asked_again()
    {
        var state = State();
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Null(_seal.Open(Caller, "get_run", state).Fault);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var fault = _seal.Open(Caller, "get_run", state).Fault!;
        Assert.Equal("request_state_expired", fault.Code);
        Assert.Contains("get_run", fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_changed_character_breaks_it()
    {
        var state = State();
        for (var at = 0; at < state.Length; at++)
            foreach (var other in "AB-_ \n=")
                if (state[at] != other)
                    Assert.Equal("bad_request_state", _seal.Open(Caller, "get_run", state[..at] + other + state[(at + 1)..]).Fault!.Code);
        foreach (var wrong in new[] { "", state[1..], state[..^1], state + "A", state + "\n", new string('A', 43), new string('A', 100_000), $"{_run} input_1" })
            Assert.Equal("bad_request_state", _seal.Open(Caller, "get_run", wrong).Fault!.Code);
    }

    [Fact]
    public void The_next_instance_knows_nothing_of_it_and_says_so()
    {
        using var next = new RequestSeal(_clock);
        var fault = next.Open(Caller, "get_run", State()).Fault!;
        Assert.Contains("last start", fault.Message, StringComparison.Ordinal);
    }

    private string State() => _seal.Close(Caller, "get_run", _run, "input_1");
}
