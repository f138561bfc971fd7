using CsCheck;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Commands;

namespace PolyClaw.Core.Tests.Planning.Commands;

public sealed class ParserPropertyTests
{
    private static readonly Gen<string> Scraps = Gen.OneOf(
        Words(
            "create", "server", "mcp-server", "from", "call", "a.b", "as", "after", "then", ";", "\n", "=", ",", "\"", "\"\"\"", "{", "}", "[", "]", "#",
            "${", "${a.b}", "report", "ask", "x", "\\", "\\u", "\ud800", "\0", "\u202e", "check", "resources", "cpu=", "key={\"a\":", "\t", "\r\n", "1e999", "-"),
        Gen.String[0, 5]);

    private static Gen<string> Words(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static readonly Gen<string> Goals =
        Gen.Select(Scraps.Array[0, 25], Words("", " ")).Select((scraps, glue) => string.Join(glue, scraps));

    [Fact]
    public void No_text_breaks_the_parser_and_every_fault_has_a_place_in_it() => Goals.Sample(
        goal =>
        {
            var (_, faults) = CommandParser.Parse(goal);
            var lines = goal.Count(c => c == '\n') + 1;
            foreach (var fault in faults)
            {
                var numbers = System.Text.RegularExpressions.Regex.Match(fault.Path!, @"^line (\d+), column (\d+)$");
                Assert.True(numbers.Success && int.Parse(numbers.Groups[1].Value, null) <= lines, fault.ToString());
                Assert.NotEmpty(fault.Message);
            }

            _ = CommandPlanner.LooksLikeCommands(goal);
        }, iter: 5_000);

    [Fact]
    public void No_text_breaks_the_planner() => Goals.Sample(
        goal => Assert.True(CommandPlannerTests.Answer(goal) is PlannerAnswer.Made or PlannerAnswer.Refused { Faults.Count: > 0 }),
        iter: 500);

    [Fact]
    public void A_quoted_text_comes_through_as_it_was() => Gen.String.Sample(text =>
    {
        var valid = new string([.. text.Where(c => !char.IsSurrogate(c))]);
        var quoted = System.Text.Json.JsonSerializer.Serialize(valid);
        var (commands, faults) = CommandParser.Parse($"ask {quoted} choices=[{quoted}] note={quoted}");
        Assert.Empty(faults);
        Assert.Equal(valid, commands[0].Target!.Text);
        Assert.Equal(valid, commands[0].Settings[1].Value.GetString());
    }, iter: 500);
}
