using System.Net.Sockets;
using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Instances;

/// <summary>A connection to the instance of a home, started when there is none.</summary>
internal sealed class InstanceConnection : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>How long one that has the journal gets to answer, or to end, before another is started.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private InstanceConnection(NetworkStream stream, PrefaceAnswer answer) => (Stream, Answer) = (stream, answer);

    public NetworkStream Stream { get; }

    public PrefaceAnswer Answer { get; }

    /// <summary>Connects; starts an instance in the background when none answers.</summary>
    /// <exception cref="HomeFaultException">None answers and none can be started.</exception>
    public static async Task<InstanceConnection> OpenAsync(Home home, string role, bool start, CancellationToken cancellationToken)
    {
        if (TryOpen(home, role) is { } at)
            return at;
        if (!start)
            throw new HomeFaultException(new Fault("no_instance", "no PolyClaw instance is running", home.Folder, "any 'polyclaw run' or 'polyclaw serve' starts one"));
        home.RequireWritable();
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var launched = LaunchedInstance.Start(home);
        try
        {
            var launchedAt = clock.GetTimestamp();
            while (clock.GetElapsedTime(began) < StartLimit)
            {
                if (TryOpen(home, role) is { } connection)
                    return connection;
                if (launched.Failed)
                    throw new HomeFaultException(await launched.WhyAsync(home));
                // The journal was taken: by one that is about to answer, or by one that is about to end. The second needs another try.
                if (launched.FoundAnother && clock.GetElapsedTime(launchedAt) > Patience)
                {
                    launched.Dispose();
                    launched = LaunchedInstance.Start(home);
                    launchedAt = clock.GetTimestamp();
                }

                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
        finally
        {
            launched.Dispose();
        }

        throw new HomeFaultException(new Fault("instance_slow", $"the instance did not answer within {StartLimit.TotalSeconds:0} s", Fix: $"its log is {home.Log}"));
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    /// <summary>
    /// The connection, or nothing when no instance listens, or when the one that does makes room for this newer build. Blocking calls: an
    /// instance on the same machine answers at once, and a shim that needs no event loop starts in half the time.
    /// </summary>
    private static InstanceConnection? TryOpen(Home home, string role)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(home.Socket));
            if (!PeerUser.IsOurs(socket))
                throw new HomeFaultException(new Fault("not_ours", "another user listens in place of the instance", home.Socket, "remove what lies there, or set POLYCLAW_HOME"));
            if (Ask(socket, home, role) is { Yields: false } answer)
                return new InstanceConnection(new NetworkStream(socket, ownsSocket: true), answer);
        }
        catch (SocketException)
        {
            // No socket, or one left by an instance that died: the next instance replaces it.
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        socket.Dispose();
        return null;
    }

    private static PrefaceAnswer? Ask(Socket socket, Home home, string role)
    {
        socket.Send(PrefaceJson.Line(Preface.Of(role)));
        socket.ReceiveTimeout = (int)AnswerLimit.TotalMilliseconds;
        try
        {
            return FirstLine.Read(socket, Preface.Longest) is { } line ? JsonSerializer.Deserialize(line, PrefaceJson.Default.PrefaceAnswer) : null;
        }
        catch (SocketException silent) when (silent.SocketErrorCode == SocketError.TimedOut)
        {
            throw new HomeFaultException(new Fault("instance_silent", $"the instance took the connection and says nothing for {AnswerLimit.TotalSeconds:0} s", home.Socket, $"its log is {home.Log}"));
        }
        catch (JsonException)
        {
            throw new HomeFaultException(new Fault("not_polyclaw", "what listens there is no PolyClaw instance", home.Socket, "remove it, or set POLYCLAW_HOME"));
        }
        finally
        {
            socket.ReceiveTimeout = 0;
        }
    }
}
