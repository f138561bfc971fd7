using System.Text.Json;
using CsCheck;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Planning.References;

namespace PolyClaw.Core.Tests.Planning.References;

[Trait("Promise", "P14")]
public sealed class ActionReferencesTests
{
    private static JsonElement? Data(string id) => id switch
    {
        "totals" => Requests.Json("""{"rows":3,"name":"N","list":[{"a":true},null],"North, East":{"y":1.50},"trap":"${totals.rows}"}"""),
        "big" => Requests.Json($"\"{new string('x', 600_000)}\""),
        _ => null,
    };

    private static string Expand(string value) => Expansion(value) switch
    {
        Expansion.Expanded { Action: PlanAction.CallTool { Arguments: { } arguments } } => arguments.GetProperty("v").GetRawText(),
        Expansion.Refused { Faults: var faults } => string.Join("|", faults.Select(f => $"{f.Code} {f.Path!["/arguments/v".Length..]}")),
        var other => throw new InvalidOperationException(other.ToString()),
    };

    private static Expansion Expansion(string value) =>
        ActionReferences.Expand(new PlanAction.CallTool("s", "t", Requests.Json($$"""{"v":{{value}}}""")), Data);

    [Theory]
    [InlineData("\"${totals.rows}\"", "3")]
    [InlineData("\"${totals.list[0]}\"", "{\"a\":true}")]
    [InlineData("\"${totals.list[1]}\"", "null")]
    [InlineData("\"${totals[\\\"North, East\\\"].y}\"", "1.50")]
    [InlineData("\"rows: ${totals.rows} of ${totals.name}, ${totals.list}\"", "\"rows: 3 of N, [{\\u0022a\\u0022:true},null]\"")]
    [InlineData("{\"a\":[\"${totals.name}\",1]}", "{\"a\":[\"N\",1]}")]
    [InlineData("\"$${totals.rows}\"", "\"${totals.rows}\"")]
    [InlineData("\"$$${totals.rows}\"", "\"$3\"")]
    [InlineData("\"costs $5 and {}\"", "\"costs $5 and {}\"")]
    [InlineData("\"${totals.trap}\"", "\"${totals.rows}\"")]
    [InlineData("\"<${totals.trap}>\"", "\"\\u003C${totals.rows}\\u003E\"")]
    [InlineData("{\"a\":\"${totals.none}\"}", "missing_data /a")]
    [InlineData("[\"${totals.list[2]}\",\"${nobody.x}\"]", "missing_data /0|missing_data /1")]
    [InlineData("[\"${big}\",\"${big}\"]", "too_large /1")]
    public void Expands_once_on_parsed_values_and_keeps_types(string value, string expected) => Assert.Equal(expected, Expand(value));

    [Fact]
    public void Says_what_is_there_when_a_path_is_not()
    {
        var refused = Assert.IsType<Expansion.Refused>(Expansion("\"${totals.row}\""));
        Assert.Contains("rows, name, list", Assert.Single(refused.Faults).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_fields_stay_text_and_code_is_never_touched()
    {
        var report = Assert.IsType<Expansion.Expanded>(ActionReferences.Expand(new PlanAction.Report("${totals.list}"), Data));
        Assert.Equal("[{\"a\":true},null]", Assert.IsType<PlanAction.Report>(report.Action).Text);

        var create = ActionFormat.Read("create_mcp_server", Requests.Json("""
            {"name":"s","source":{"kind":"tools","tools":[{"name":"t","description":"d","input_schema":{"type":"object"},"code":"(i) => `${totals.rows}`"}],
             "files":[{"name":"f","text":"${totals.rows}"}]}}
            """));
        var made = Assert.IsType<PlanAction.CreateMcpServer>(Assert.IsType<Expansion.Expanded>(ActionReferences.Expand(create, Data)).Action);
        var tools = Assert.IsType<PolyClaw.Core.Servers.ServerSource.Tools>(made.Spec.Source);
        Assert.Equal("(i) => `${totals.rows}`", tools.Definitions[0].Code);
        Assert.Equal("3", tools.Files![0].Text);
    }

    [Theory]
    [InlineData("call_tool", """{"server":"${totals.name}","tool":"t","arguments":{}}""", "/server")]
    [InlineData("call_tool", """{"server":"s","tool":"a-${totals.name}","arguments":{}}""", "/tool")]
    [InlineData("decommission_mcp_server", """{"name":"${totals.name}"}""", "/name")]
    [InlineData("create_mcp_server", """{"name":"s","source":{"kind":"image","image":"${totals.name}"}}""", "/source/image")]
    [InlineData("create_mcp_server", """{"name":"s","source":{"kind":"remote","url":"http://${totals.name}/"}}""", "/source/url")]
    [InlineData("report", """{"text":"t","name":"${totals.name}"}""", "/name")]
    [Trait("Threat", "T14")]
    public void Data_never_names_a_target(string action, string parameters, string at)
    {
        var refused = Assert.IsType<Expansion.Refused>(ActionReferences.Expand(ActionFormat.Read(action, Requests.Json(parameters)), Data));
        var fault = Assert.Single(refused.Faults);
        Assert.Equal(("reference_refused", at), (fault.Code, fault.Path));
    }

    [Fact]
    public void Any_text_escaped_is_a_plain_text_again() => Gen.String.Sample(text =>
    {
        var valid = new string([.. text.Where(c => !char.IsSurrogate(c))]);
        // Every run of dollars before a brace is doubled.
        var escaped = System.Text.RegularExpressions.Regex.Replace(valid, @"\$+(?=\{)", run => run.Value + run.Value);
        var parsed = ReferenceSyntax.Parse(escaped);
        Assert.Empty(parsed.Errors);
        Assert.Equal(valid, string.Concat(parsed.Pieces.Select(p => p.Plain)));
    }, iter: 1_000);

    [Fact]
    public void A_reference_written_out_reads_back_the_same() => Gen.Select(Gen.String, Gen.Int[0, 999]).Sample((name, index) =>
    {
        var valid = new string([.. name.Where(c => !char.IsSurrogate(c))]);
        var reference = new Reference("step", [new(valid, 0), new(null, index)]);
        var alone = ReferenceSyntax.Parse(reference.ToString()).Alone;
        Assert.NotNull(alone);
        Assert.Equal(reference.Path, alone.Path);
    }, iter: 1_000);
}
