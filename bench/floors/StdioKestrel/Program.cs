using PolyClaw.Bench.Floors;

// Any free port of loopback; the address goes to stderr, for whoever calls it over HTTP.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddMcpServer()
    .WithHttpTransport()
    .WithStdioServerTransport()
    .WithListToolsHandler(EchoTool.ListAsync)
    .WithCallToolHandler(EchoTool.CallAsync);
await using var app = builder.Build();
app.MapMcp("/mcp");
await app.StartAsync();
await Console.Error.WriteLineAsync($"{app.Urls.First()}/mcp");
await app.WaitForShutdownAsync();
