using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using PolyClaw.Core.Goals;
using PolyClaw.Mcp;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Instances;

/// <summary>Serves one connection: the preface, then an MCP stdio session behind our guard.</summary>
internal sealed partial class SocketSessions(
    IServiceProvider services, IOptionsFactory<McpServerOptions> options, Activity activity, InstanceControl control, InstanceMode mode,
    IHostApplicationLifetime life, TimeProvider clock, ILoggerFactory logs)
{
    private static readonly TimeSpan PrefaceLimit = TimeSpan.FromSeconds(5);
    private readonly ILogger _log = logs.CreateLogger<SocketSessions>();

    public async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        if (!PeerUser.IsOurs(client))
        {
            LogStranger(_log);
            return;
        }

        await using var stream = new NetworkStream(client, ownsSocket: false);
        if (await ReadPrefaceAsync(client, cancellationToken) is not { } preface)
            return;
        // Counted before it is answered: one that was let in is never dropped for a newer build or for want of use.
        if (!activity.TryEnter())
            return;
        try
        {
            var reply = ReplyTo(preface);
            await stream.WriteAsync(PrefaceJson.Line(reply), cancellationToken);
            if (reply.Yields)
            {
                LogYields(_log, preface.Build);
                life.StopApplication();
                return;
            }

            var person = preface.Role == Preface.Cli;
            var principal = new Principal(Principal.LocalTenant, preface.Role, person ? PrincipalKind.Person : PrincipalKind.Agent);
            await SpeakAsync(stream, stream, principal, person, cancellationToken);
        }
        finally
        {
            activity.Leave();
        }
    }

    /// <summary>Serves MCP over two streams until the client ends its input.</summary>
    public async Task ServeAsync(Stream input, Stream output, Principal principal, bool withControl, CancellationToken cancellationToken)
    {
        if (!activity.TryEnter())
            return;
        try
        {
            await SpeakAsync(input, output, principal, withControl, cancellationToken);
        }
        finally
        {
            activity.Leave();
        }
    }

    /// <summary>The answer to a preface. It makes room only while its caller is the one connection, and from then on nobody else is let in.</summary>
    private PrefaceAnswer ReplyTo(Preface preface)
    {
        var reply = Reply(busy: mode.Foreground || activity.Connections > 1 || control.OpenRuns > 0);
        return reply.Yields && !activity.TryCloseForOne() ? Reply(busy: true) : reply;

        PrefaceAnswer Reply(bool busy) => PrefaceReply.To(preface, BuildId.Current, GivenOptions.Current, busy);
    }

    private async Task SpeakAsync(Stream input, Stream output, Principal principal, bool withControl, CancellationToken cancellationToken)
    {
        var session = options.Create(Options.DefaultName);
        // Our provider knows the caller; a scope made from the root would not.
        session.ScopeRequests = false;
        if (withControl)
            control.AddTo(session);
        var guarded = new GuardedStdio(input, output, log: logs.CreateLogger<GuardedStdio>());
        await using var transport = new StreamServerTransport(guarded.Input, guarded.Output, "polyclaw", logs);
        await using var server = McpServer.Create(transport, session, logs, new SessionServices(services, new SessionCaller(principal)));
        await server.RunAsync(cancellationToken);
    }

    private async Task<Preface?> ReadPrefaceAsync(Socket client, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(PrefaceLimit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (await FirstLine.ReadAsync(client, Preface.Longest, both.Token) is not { } line)
                return null;
            return JsonSerializer.Deserialize(line, PrefaceJson.Default.Preface);
        }
        catch (JsonException e)
        {
            LogBadPreface(_log, e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A connection without a readable first line was closed: {Why}")]
    private static partial void LogBadPreface(ILogger logger, string why);

    [LoggerMessage(LogLevel.Information, "A newer build ({Build}) came while nothing was to do: this instance makes room for it")]
    private static partial void LogYields(ILogger logger, string build);

    [LoggerMessage(LogLevel.Warning, "A connection of another user was refused")]
    private static partial void LogStranger(ILogger logger);

    /// <summary>The instance's services and, before them, who calls.</summary>
    private sealed class SessionServices(IServiceProvider inner, SessionCaller caller) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(SessionCaller) ? caller
            : serviceType == typeof(IServiceProvider) ? this
            : inner.GetService(serviceType);
    }
}
