using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Streams;
using PolyClaw.ToolServer.Workers;

namespace PolyClaw.ToolServer.Serving;

/// <summary>The server: reads its definition, then speaks MCP until its input ends.</summary>
internal static class ServerProgram
{
    private const int MaxLineBytes = 4 * 1024 * 1024;

    /// <param name="streams">Input and output carry the protocol, the error stream our one line of complaint.</param>
    /// <param name="definitionFile">The file that holds the definition; null if it is the first line of the input.</param>
    /// <param name="cancellationToken">Ends the session as the end of input does.</param>
    public static async Task<int> RunAsync(StandardStreams streams, string? definitionFile, CancellationToken cancellationToken)
    {
        var input = new BoundedLineStream(streams.Input, MaxLineBytes);
        ToolServerDefinition definition;
        try
        {
            definition = definitionFile is null
                ? await DefinitionSource.FromFirstLineAsync(input, cancellationToken)
                : await DefinitionSource.FromFileAsync(definitionFile, cancellationToken);
        }
        catch (DefinitionException fault)
        {
            streams.Complain(fault.Message);
            return ExitCodes.Usage;
        }

        await ServeAsync(definition, input, streams, cancellationToken);
        if (input.Fault is null)
        {
            return ExitCodes.Done;
        }

        streams.Complain($"{input.Fault.Message}; the session is closed");
        return ExitCodes.Failed;
    }

    private static async Task ServeAsync(ToolServerDefinition definition, BoundedLineStream input, StandardStreams streams, CancellationToken cancellationToken)
    {
        var asked = definition.Limits ?? new LimitsDefinition();
        var budget = WorkerBudget.For(asked, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        using var pool = new WorkerPool(WorkerCommand.ForThisProgram(), budget, TimeProvider.System);
        var tools = new ToolHandlers(definition, asked with { MemoryMib = budget.HeapMib }, pool, streams.Complain, input.Ended);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = definition.Name, Version = BuildId.Version },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers { ListToolsHandler = tools.ListAsync, CallToolHandler = tools.CallAsync },
        };
        await using var transport = new StreamServerTransport(input, new FirstAnswerStream(streams.Output, pool.PrepareSpare), definition.Name);
        await using var server = McpServer.Create(transport, options);
        await server.RunAsync(cancellationToken);
    }
}
