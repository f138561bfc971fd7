namespace PolyClaw.ToolServer.Tests.Scripting;

/// <summary>Ways out of the engine that others left open. Each must end in the engine's own answer: nothing is there.</summary>
[Trait("Threat", "T23")]
public sealed class EscapeTests
{
    [Theory]
    [InlineData("require")]
    [InlineData("process")]
    [InlineData("fetch")]
    [InlineData("XMLHttpRequest")]
    [InlineData("WebAssembly")]
    [InlineData("Deno")]
    [InlineData("Bun")]
    [InlineData("System")]
    [InlineData("importNamespace")]
    [InlineData("clr")]
    [InlineData("setTimeout")]
    [InlineData("console")]
    [InlineData("ShadowRealm")]
    [InlineData("module")]
    [InlineData("__dirname")]
    public void There_is_no_such_global(string name) =>
        Assert.Equal("\"undefined\"", Scripts.Output($"i => typeof {name}"));

    [Theory]
    [InlineData("(() => {}).constructor('return this')()")]
    [InlineData("host.log.constructor.constructor('return this')()")]
    [InlineData("host.constructor.constructor('return this')()")]
    [InlineData("(async () => {}).constructor('return this')()")]
    [InlineData("(function* () {}).constructor('return this')()")]
    [InlineData("new Function('return this')()")]
    [InlineData("Reflect.construct(Function, ['return this'])()")]
    [InlineData("(0, eval)('this')")]
    [InlineData("eval('1 + 1')")]
    public void Text_never_becomes_code(string code) =>
        Assert.Contains("String compilation has been disabled", Scripts.Failure($"(i, host) => {code}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("host.log.GetType")]
    [InlineData("host.GetType")]
    [InlineData("i.GetType")]
    [InlineData("'x'.GetType")]
    [InlineData("(1).GetHashCode")]
    [InlineData("host.log.Method")]
    [InlineData("host.log.Target")]
    [InlineData("host.log.Engine")]
    [InlineData("host.readText.Invoke")]
    [InlineData("(() => { try { host.readText('x') } catch (e) { return e.GetType ?? e.innerException ?? e.InnerException ?? e.HResult } })()")]
    public void No_CLR_member_shows(string code) =>
        Assert.Equal("\"undefined\"", Scripts.Output($"(i, host) => typeof {code}"));

    [Fact]
    public void Modules_cannot_be_imported()
    {
        Assert.Contains("does not parse", Scripts.Failure("import x from 'fs'"), StringComparison.Ordinal);
        Assert.Contains("cannot import modules", Scripts.Failure("async i => (await import('fs')).default"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_reach_is_other_than_plain_JavaScript() =>
        // Walks everything reachable from the globals, the input and the host, and names what has a CLR look.
        Assert.Equal("[]", Scripts.Output("""
            (input, host) => {
              const seen = new Set(), found = [], todo = [globalThis, input, host, function () {}, async () => {}, function* () {}];
              while (todo.length) {
                const o = todo.pop();
                if (o === null || (typeof o !== 'object' && typeof o !== 'function') || seen.has(o)) continue;
                seen.add(o);
                for (const key of Reflect.ownKeys(o)) {
                  if (/GetType|Assembly|Namespace|Invoke|ToString$/.test(String(key))) found.push(String(key));
                  const d = Reflect.getOwnPropertyDescriptor(o, key);
                  if (d) todo.push(d.value, d.get, d.set);
                }
                todo.push(Reflect.getPrototypeOf(o));
              }
              return found;
            }
            """));
}
