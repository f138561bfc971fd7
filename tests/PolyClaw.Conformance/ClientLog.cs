using ModelContextProtocol.Server;

namespace PolyClaw.Conformance;

/// <summary>Sends log lines to the client, where it asked for them.</summary>
internal static partial class ClientLog
{
    public static void Write(McpServer server, string text)
    {
#pragma warning disable MCP9005 // Logging is deprecated; the suite still asks for it.
        LogText(server.AsClientLoggerProvider().CreateLogger("fixture"), text);
#pragma warning restore MCP9005
    }

    [LoggerMessage(LogLevel.Information, "{Text}")]
    private static partial void LogText(ILogger logger, string text);
}
