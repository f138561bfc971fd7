using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Commands;
using PolyClaw.Core.Tests.Policy;

namespace PolyClaw.Core.Tests.Planning;

/// <summary>The plan's verifier and the gate measure tool code alike: in bytes.</summary>
[Trait("BadInput", "B30")]
public sealed class SpecRulesTests
{
    [Theory]
    [InlineData("code", 50_000, true)]
    [InlineData("code", 50_001, false)]
    [InlineData("description", 4_096, true)]
    [InlineData("description", 4_097, false)]
    public async Task What_the_gate_would_refuse_for_its_size_is_refused_in_the_plan(string field, int letters, bool passes)
    {
        var spec = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["kind"] = "tools",
            ["tools"] = new object[]
            {
                new Dictionary<string, object>
                {
                    ["name"] = "t",
                    ["description"] = field == "description" ? new string('é', letters) : "d",
                    ["code"] = field == "code" ? new string('é', letters) : "x => x",
                    ["input_schema"] = new Dictionary<string, object> { ["type"] = "object" },
                },
            },
        });
        var planner = new CommandPlanner(new PlanVerifier(ActionSchemas.All));
        var answer = await planner.PlanAsync(
            Requests.For("create server s from s.json", new Dictionary<string, string> { ["s.json"] = $$"""{"source":{{spec}}}""" }), CancellationToken.None);
        if (passes)
            new GateHouse().Allowed(Assert.IsType<PlannerAnswer.Made>(answer).Plan.Steps[0].Action);
        else
            Assert.Contains(Assert.IsType<PlannerAnswer.Refused>(answer).Faults, f => f.Message.Contains("bytes", StringComparison.Ordinal));
    }
}
