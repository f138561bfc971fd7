using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PolyClaw.Conformance;
using PolyClaw.Http;

var port = new Option<ushort>("--port") { Description = "Port on 127.0.0.1; 0 takes any free one.", DefaultValueFactory = _ => 0 };
var token = new Option<string>("--token")
{
    Description = "Bearer token that calls must carry, or 'none': the official suite sends none.",
    DefaultValueFactory = _ => "none",
};
var command = new RootCommand("PolyClaw's HTTP pipeline with the fixtures of the official MCP conformance suite.") { port, token };
command.SetAction(async (arguments, cancellationToken) =>
{
    var options = new McpHttpOptions
    {
        Listen = new IPEndPoint(IPAddress.Loopback, arguments.GetValue(port)),
        // The suite sends a few hundred messages in two seconds, as one anonymous principal.
        MessagesPerSecond = 10_000,
        MessageBurst = 10_000,
    };
    if (arguments.GetValue(token) is { } value and not "none")
        options.Tokens.Add(new McpHttpToken(value, "suite"));
    else
        options.AllowAnonymous = true;

    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
    builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    builder.AddMcpHttp(options).WithFixtures();
    await using var app = builder.Build();
    app.MapMcpHttp();
    await app.StartAsync(cancellationToken);
    var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
#pragma warning disable RS0030 // Whoever starts this host waits for this line.
    Console.WriteLine($"listening on {address}{options.Path}");
#pragma warning restore RS0030
    await app.WaitForShutdownAsync(cancellationToken);
    return 0;
});
return await command.Parse(args).InvokeAsync();
