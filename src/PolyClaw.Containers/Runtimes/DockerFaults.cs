using System.Net.Sockets;
using Docker.DotNet;
using PolyClaw.Containers.Engines;
using PolyClaw.Containers.Hardening;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Runtimes;

/// <summary>What an engine refuses, in words that somebody can act on.</summary>
internal static class DockerFaults
{
    /// <summary>An engine that did not answer in time.</summary>
    /// <param name="what">What was asked of it.</param>
    /// <param name="limit">How long was waited.</param>
    public static RuntimeFaultException TimedOut(string what, TimeSpan limit) =>
        new(new("engine_timeout", $"the container engine did not {what} within {limit.TotalSeconds:0.#} s", Fix: "see whether the engine is overloaded: polyclaw doctor"), transient: true);

    /// <summary>An engine that is not there.</summary>
    /// <param name="endpoint">Where it was looked for.</param>
    /// <param name="cause">What the machine said.</param>
    public static RuntimeFaultException Unreachable(DockerEndpoint endpoint, Exception cause) =>
        Disbelief(cause) is { } tls ? new(tls.Fault with { Path = endpoint.Origin }, transient: false, cause)
        : IsForbidden(cause)
            ? new(new("engine_forbidden", $"the container engine at {endpoint} may not be spoken to by this user: {Root(cause)}", Fix: JoinGroup(endpoint)), transient: true, cause)
            : new(new("engine_unreachable", $"no container engine answers at {endpoint}: {Root(cause)}", Fix: $"start Docker, or set {endpoint.Setting} to its address"), transient: true, cause);

    /// <summary>Something that answers, but not as an engine does.</summary>
    /// <param name="endpoint">Where it is.</param>
    /// <param name="what">What was asked of it.</param>
    /// <param name="cause">Why its answer could not be read.</param>
    public static RuntimeFaultException NoEngine(DockerEndpoint endpoint, string what, Exception cause) =>
        new(
            new("no_engine", $"what answers at {endpoint} is no container engine: asked to {what} it gave no JSON that can be read", Fix: $"set {endpoint.Setting} to the engine's address"),
            transient: false,
            cause);

    /// <summary>A refusal.</summary>
    /// <param name="what">What was asked.</param>
    /// <param name="refusal">The engine's answer.</param>
    public static RuntimeFaultException Refused(string what, DockerApiException refusal)
    {
        var said = Message(refusal);
        return (int)refusal.StatusCode switch
        {
            400 when said.Contains("CPU", StringComparison.Ordinal) =>
                Permanent("engine_refused", said, refusal, "/resources/cpu", "no more than the engine's machine has"),
            >= 500 when said.Contains("no space left", StringComparison.OrdinalIgnoreCase) =>
                Permanent("storage_full", said, refusal, null, "free space where the engine keeps its data"),
            // The command of an image is not there or cannot be run: the engine says so when it starts it.
            400 or 404 or >= 500 when said.Contains("executable file not found", StringComparison.Ordinal)
                || said.Contains("exec format error", StringComparison.Ordinal)
                || said.Contains("permission denied", StringComparison.Ordinal)
                || said.Contains("no such file or directory", StringComparison.Ordinal) =>
                Permanent("entry_point", said, refusal, "/source/image", "an image whose entry point exists, is built for this machine and may be run by user " + ContainerSpecCompiler.User),
            >= 500 => new(new("engine_failed", $"the container engine failed to {what}: {said}"), transient: true, refusal),
            _ => Permanent("engine_refused", $"the container engine refused to {what}: {said}", refusal, null, null),
        };
    }

    /// <summary>The engine's own words, on one line and bounded.</summary>
    /// <param name="refusal">The engine's answer.</param>
    public static string Message(DockerApiException refusal)
    {
        var body = refusal.ResponseBody ?? "";
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(body);
            if (json.RootElement.ValueKind is System.Text.Json.JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message))
                body = message.ToString();
        }
        catch (System.Text.Json.JsonException)
        {
            // A proxy or an old engine answers in plain text: that text is the message.
        }
        return body.Length == 0 ? refusal.StatusCode.ToString() : OneLine(body);
    }

    /// <summary>A text of the engine's, on one line and bounded.</summary>
    /// <param name="text">As it came; nothing when the engine left it out.</param>
    public static string OneLine(string? text)
    {
        text ??= "";
        var line = string.Create(Math.Min(text.Length, 500), text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
        return line.Trim();
    }

    private static RuntimeFaultException Permanent(string code, string message, Exception cause, string? path, string? fix) =>
        new(new Fault(code, message, path, fix), transient: false, cause);

    private static EngineTlsException? Disbelief(Exception? cause)
    {
        while (cause is not null and not EngineTlsException)
            cause = cause.InnerException;
        return (EngineTlsException?)cause;
    }

    private static bool IsForbidden(Exception? cause)
    {
        while (cause is not null and not SocketException { SocketErrorCode: SocketError.AccessDenied })
            cause = cause.InnerException;
        return cause is not null;
    }

    private static string JoinGroup(DockerEndpoint endpoint)
    {
        var socket = endpoint.Address.AbsolutePath;
        return endpoint.Address.Scheme == "unix"
            ? $"join the group of the socket: usermod -aG \"$(stat -c %G {socket})\" \"$USER\" and log in again; in a container: docker run --group-add \"$(stat -c %g {socket})\""
            : "let this user speak to the engine";
    }

    private static string Root(Exception cause)
    {
        while (cause.InnerException is { } inner)
            cause = inner;
        return OneLine(cause.Message);
    }
}
