using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Tests.Scripting;

[Trait("Promise", "P40")]
public sealed class ScriptRunTests
{
    [Theory]
    [InlineData("(input, host) => ({ sum: input.a + input.b })", """{"sum":5}""")]
    [InlineData("function (input) { return input.a; }", "2")]
    [InlineData("async (input) => { await null; return [input.a]; }", "[2]")]
    [InlineData("async function named(input) { const x = await Promise.all([1, Promise.resolve(2)]); return x; } // done", "[1,2]")]
    [InlineData("i => new Promise(resolve => resolve(i.b))", "3")]
    [InlineData("i => ({ then(resolve) { resolve('own') } })", "\"own\"")]
    [InlineData("i => null", "null")]
    [InlineData("i => 'é\\u{1f600}'", "\"é😀\"")]
    [InlineData("i => new Map([[1, 2]]).get(1) + [3].flatMap(x => [x, x]).at(-1)", "5")]
    [InlineData("i => new Date(0).toISOString() + new Date(2024, 0, 1).getTimezoneOffset()", "\"1970-01-01T00:00:00.000Z0\"")]
    [InlineData("i => 'a1b22'.replace(/(?<n>\\d+)/g, '<$<n>>')", "\"a<1>b<22>\"")]
    [InlineData("i => 'abc'.normalize('NFC')", "\"abc\"")]
    public void Gives_the_output_as_JSON(string code, string output) =>
        Assert.Equal(output, Scripts.Output(code, """{"a":2,"b":3}"""));

    [Theory]
    [InlineData("(i) => {\n  const a = 1;\n  throw new TypeError('boo');\n}", "at line 3, column 9: TypeError: boo")]
    [InlineData("(i) => { throw new Error('boo') }", "at line 1, column 16: Error: boo")]
    [InlineData("(i) => { null.x }", "at line 1, column 15: TypeError: Cannot read properties of null (reading 'x')")]
    [InlineData("(i) => {\n  throw 'text';\n}", "at line 2, column 9: text")]
    [InlineData("(i) => {\n  throw { code: 7 };\n}", "at line 2, column 9: an object that is no Error")]
    [InlineData("async (i) => {\n  await null;\n  null.x;\n}", "at line 3, column 8: TypeError: Cannot read properties of null (reading 'x')")]
    [InlineData("async (i) => {\n  await null;\n  throw new RangeError('late');\n}", "at line 3, column 9: RangeError: late")]
    [InlineData("(i, host) => {\n\n host.readText('none');\n}", "at line 3, column 2: Error: host.readText: there is no file \"none\"; no files were handed in")]
    [InlineData("(i) => missing", "at line 1, column 8: ReferenceError: missing is not defined")]
    [InlineData("(i) => { throw new Proxy({}, { getOwnPropertyDescriptor() { throw 1 }, get() { throw 1 }, getPrototypeOf() { throw 1 } }) }", "an object")]
    [InlineData("(i) => 'é'.normalize()", "String.prototype.normalize is not supported for text outside ASCII")]
    public void Says_what_the_code_threw_and_where(string code, string told)
    {
        var failure = Scripts.Failure(code);

        Assert.StartsWith("the tool's code threw", failure, StringComparison.Ordinal);
        Assert.Contains(told, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("Jint", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(i) => {\n  let = 1;\n}", "does not parse, at line 2, column 3")]
    [InlineData("(i) => i; (i) => i", "does not parse, at line 1, column 9")]
    [InlineData("(i) => i) (1", "does not parse")]
    [InlineData("1 + 1", "one function expression")]
    [InlineData("function* (i) { yield 1; }", "one function expression")]
    [InlineData("({ run(i) {} })", "one function expression")]
    public void Refuses_code_that_is_not_one_function(string code, string told) =>
        Assert.Contains(told, Scripts.Failure(code), StringComparison.Ordinal);

    [Theory]
    [InlineData("i => {}", "returned nothing (undefined)")]
    [InlineData("async i => {}", "returned nothing (undefined)")]
    [InlineData("i => () => 1", "returned a function")]
    [InlineData("i => Symbol('x')", "returned a symbol")]
    [InlineData("i => { const a = {}; a.a = a; return a; }", "Cyclic reference")]
    [InlineData("i => ({ n: 1n })", "BigInt")]
    [InlineData("i => '\\ud800'", "half of a surrogate pair")]
    [InlineData("async i => { await new Promise(() => {}); }", "never settles")]
    [InlineData("i => 'x'.repeat(2 * 1024 * 1024)", "1048576 are allowed")]
    public void Refuses_an_output_that_is_no_JSON_value_or_too_long(string code, string told) =>
        Assert.Contains(told, Scripts.Failure(code), StringComparison.Ordinal);

    [Theory]
    [Trait("Threat", "T23")]
    [InlineData("i => { for (;;) { } }", "statements")]
    [InlineData("i => { while (true) { try { while (true) { } } finally { continue; } } }", "statements")]
    [InlineData("async i => { for (;;) { await null; } }", "statements")]
    [InlineData("i => { const f = n => f(n + 1); return f(0); }", "64 levels deep")]
    [InlineData("i => { const o = { toString() { return '' + this; } }; return '' + o; }", "Maximum call stack")]
    [InlineData("i => { const a = []; for (;;) a.push('x'.repeat(100000) + a.length); }", "16 MiB of memory")]
    [InlineData("i => /(a+)+$/.test('a'.repeat(60) + 'b')", "regular expression ran longer")]
    [InlineData("i => Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 1e9)", "cannot be used")]
    [InlineData("i => new Array(2 ** 31).fill(0)", "")]
    [InlineData("i => JSON.parse('['.repeat(100) + ']'.repeat(100))", "")]
    public void Stops_at_its_limits_and_says_which(string code, string told) =>
        Assert.Contains(told, Scripts.Failure(code, new LimitsDefinition(MemoryMib: 16, Statements: 100_000)), StringComparison.Ordinal);

    [Fact]
    public void Cuts_a_thrown_text_that_is_too_long() =>
        Assert.InRange(Scripts.Failure("i => { throw new Error('x'.repeat(100000)); }").Length, 4000, 4200);

    [Fact]
    public void Cannot_be_cheated_by_replaced_built_ins() =>
        Assert.Equal("""{"ok":1}""", Scripts.Output("""
            i => { JSON.stringify = () => '{"forged":1}'; JSON.parse = () => 7; Promise.prototype.then = () => 0; return { ok: 1 }; }
            """));
}
