using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Wire;

namespace PolyClaw.ToolServer.Tests.Scripting;

[Trait("Promise", "P40")]
public sealed class HostObjectTests
{
    private static readonly FileDefinition Csv = new("a.csv", "x,ü\n1,2");

    [Fact]
    public void Reads_a_file_that_was_handed_in() =>
        Assert.Equal("""["x,ü","1,2"]""", Scripts.Output("(i, host) => host.readText('a.csv').split('\\n')", "{}", Csv));

    [Theory]
    [Trait("BadInput", "B31")]
    [InlineData("b.csv")]
    [InlineData("/etc/passwd")]
    [InlineData("../a.csv")]
    [InlineData("./a.csv")]
    [InlineData("A.CSV")]
    [InlineData("")]
    public void Names_the_files_there_are_where_one_is_not(string name) =>
        Assert.Contains($"there is no file \"{name}\"; the files are \"a.csv\"", Scripts.Failure($"(i, host) => host.readText('{name}')", null, Csv), StringComparison.Ordinal);

    [Fact]
    public void Lets_the_code_catch_a_file_that_is_not_there() =>
        Assert.Equal("true", Scripts.Output("(i, host) => { try { host.readText('b'); } catch (e) { return e instanceof Error; } }"));

    [Fact]
    public void Passes_log_lines_on_in_order()
    {
        var end = Scripts.Run("(i, host) => { host.log('one'); host.log(2); host.log({}); host.log(); host.log(Symbol('s')); host.log('\\ud800'); return null; }");

        Assert.Equal(["one", "2", "[object Object]", "", "Symbol(s)", "\ufffd"], end.Log);
    }

    [Theory]
    [Trait("Threat", "T23")]
    [InlineData("for (let k = 0; k < 5000; k++) host.log('x');", 1001, "(4000 more lines left out")]
    [InlineData("for (let k = 0; k < 9; k++) host.log('x'.repeat(16000));", 5, "(5 more lines left out")]
    public void Bounds_the_log_and_says_what_is_left_out(string code, int lines, string told)
    {
        var end = Scripts.Run($"(i, host) => {{ {code} return null; }}");

        Assert.Equal(lines, end.Log.Count);
        Assert.StartsWith(told, end.Log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Attaches_files_and_gives_their_addresses()
    {
        var end = Scripts.Run("(i, host) => host.attach('c.svg', 'image/svg+xml; charset=utf-8', '<svg>é</svg>')");

        Assert.Equal("\"attachment:///c.svg\"", Assert.IsType<WorkerMessage.Returned>(end.End).Json);
        Assert.Equal(new WorkerMessage.Attached("c.svg", "image/svg+xml; charset=utf-8", "<svg>é</svg>"), Assert.Single(end.Attachments));
    }

    [Theory]
    [Trait("BadInput", "B85")]
    [InlineData("host.attach('a/b', 'text/plain', '')", "must be 1 to 128")]
    [InlineData("host.attach('..', 'text/plain', '')", "must be 1 to 128")]
    [InlineData("host.attach('', 'text/plain', '')", "must be 1 to 128")]
    [InlineData("host.attach('a\\u202e', 'text/plain', '')", "a<U+202E>")]
    [InlineData("host.attach('a', 'text', '')", "no media type")]
    [InlineData("host.attach('a', 'text/pl ain', '')", "no media type")]
    [InlineData("host.attach('a', 'text/plain')", "text must be a string")]
    [InlineData("host.attach('a', 'text/plain', '\\udc00')", "half of a surrogate pair at index 0")]
    [InlineData("[host.attach('a', 'text/plain', '1'), host.attach('A', 'text/plain', '2')]", "attached already")]
    [InlineData("host.attach('a', 'text/plain', 'x'.repeat(1024 * 1024 + 1))", "1048576 are allowed")]
    [InlineData("[...Array(17).keys()].map(n => host.attach('f' + n, 'text/plain', ''))", "16 files")]
    [InlineData("[...Array(5).keys()].map(n => host.attach('f' + n, 'text/plain', 'x'.repeat(1000000)))", "4194304 bytes together")]
    public void Refuses_an_attachment_that_breaks_a_rule(string code, string told) =>
        Assert.Contains(told, Scripts.Failure($"(i, host) => {code}"), StringComparison.Ordinal);

    [Fact]
    public void Holds_exactly_three_functions_that_cannot_be_replaced() =>
        Assert.Equal("""[["readText","log","attach"],false,true]""", Scripts.Output("""
            (i, host) => {
              const names = Object.getOwnPropertyNames(host);
              try { host.extra = 1; } catch { }
              try { host.log = null; } catch { }
              return [names, 'extra' in host, typeof host.log === 'function'];
            }
            """));
}
