using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Conformance;

/// <summary>Tools by which the suite watches the protocol itself.</summary>
internal sealed class DiagnosticTools
{
    [McpServerTool(Name = "test_missing_capability"), Description("Needs the client to offer sampling.")]
    public static string NeedSampling(RequestContext<CallToolRequestParams> request)
    {
#pragma warning disable MCP9005 // Sampling is deprecated; the suite uses it as an example.
        return request.Server.ClientCapabilities?.Sampling is not null
            ? "The client offers sampling."
            : throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Sampling = new() }, "The client must offer sampling.");
#pragma warning restore MCP9005
    }

    [McpServerTool(Name = "test_streaming_elicitation"), Description("Answers with its result alone.")]
    public static string OnlyResult() => "Nothing but this result.";

    [McpServerTool(Name = "test_logging_tool"), Description("Logs; the client sees it only if it asked to.")]
    public static string Log(McpServer server)
    {
        ClientLog.Write(server, "test_logging_tool ran");
        return "Logged.";
    }
}
