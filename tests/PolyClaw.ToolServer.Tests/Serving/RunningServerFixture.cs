using ModelContextProtocol.Client;
using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Tests.Serving;

[assembly: AssemblyFixture(typeof(RunningServerFixture))]

namespace PolyClaw.ToolServer.Tests.Serving;

/// <summary>One server for the tests that only call it, with the tools they call.</summary>
public sealed class RunningServerFixture : IAsyncLifetime
{
    private RunningToolServer? _server;
    private McpClient? _client;

    /// <summary>A client of the newest era.</summary>
    public McpClient Client => _client!;

    internal RunningToolServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = RunningToolServer.Start();
        await _server.DefineAsync(
            RunningToolServer.Definition(
                new LimitsDefinition(CallSeconds: 2, MemoryMib: 48),
                ("sum", "(input) => ({ sum: input.a + input.b })"),
                ("list", "async (input) => { await null; return [input.n]; }"),
                ("report", "(input, host) => { host.log('working'); host.attach('r.csv', 'text/csv', host.readText('a.csv')); return { lines: 2 }; }"),
                ("call_file", "(input, host) => host.readText('call.txt')"),
                ("throw", "(input) => {\n  throw new TypeError('boo');\n}"),
                ("state", "(input) => { globalThis.n = (globalThis.n ?? 0) + 1; Array.prototype.leak = 1; return { n: globalThis.n, leak: [].leak }; }"),
                ("bigint", "(input) => { let x = 3n; for (let k = 0; k < 60; k++) x = x * x; return 1; }"),
                ("deep_json", "(input) => { let a = []; for (let k = 0; k < 300000; k++) a = [a]; return a; }"),
                ("to_string", "(input) => { const o = { toString() { return '' + this; } }; return '' + o; }"),
                ("hoard", "(input) => { const a = []; for (;;) a.push(new Array(100000).fill(a.length + 0.5)); }"),
                ("bytes", "(input) => { const a = []; for (;;) a.push(new Uint8Array(30000000).fill(1)); }"),
                ("wait", "(input) => Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 1e9)"),
                ("long", "(input) => 'x'.repeat(3000000)"),
                ("look", "(input, host) => JSON.stringify([typeof process, Object.getOwnPropertyNames(globalThis), host.readText('a.csv')])")),
            CancellationToken.None);
        _client = await _server.ConnectAsync("2026-07-28", CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
