using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Bench.Floors;

var options = new McpServerOptions
{
    ServerInfo = new Implementation { Name = "floor-stdio", Version = "1" },
    Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
    Handlers = new McpServerHandlers { ListToolsHandler = EchoTool.ListAsync, CallToolHandler = EchoTool.CallAsync },
};
await using var server = McpServer.Create(new StdioServerTransport("floor-stdio"), options);
await server.RunAsync();
