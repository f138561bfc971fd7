using System.Text.Json;
using System.Text.RegularExpressions;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Hardening;

/// <summary>
/// Stands in the pipe to the engine, where nothing can go around it: lets only the calls pass that this house makes, and no create call
/// that <see cref="HostConfigGuard"/> has not read.
/// </summary>
/// <param name="inner">What carries the calls.</param>
/// <param name="publishedOn">The one address on which this engine may publish ports.</param>
internal sealed partial class EngineCallGuard(HttpMessageHandler inner, string publishedOn) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var call = request.Method.Method + " " + (Version().Match(path) is { Success: true } version ? path[(version.Length - 1)..] : path);
        if (!Allowed().IsMatch(call))
            throw Refuse(new("hardening_violation", "a call to the engine that this house does not make: " + LaunchRules.Show(call)));
        if (call is "POST /containers/create" or "POST /networks/create" && await CheckAsync(call, request, cancellationToken) is { } fault)
            throw Refuse(fault);
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<Fault?> CheckAsync(string call, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null)
            return new("hardening_violation", "a create call without a body");
        // The content is a byte array in memory: reading it here leaves it as it was.
        using var body = JsonDocument.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken));
        return call == "POST /containers/create" ? HostConfigGuard.Check(body.RootElement, publishedOn) : NetworkGuard.Check(body.RootElement);
    }

    private static RuntimeFaultException Refuse(Fault fault) => new(fault, transient: false);

    [GeneratedRegex("^/v[0-9.]+/", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    // Not here, on purpose: exec, build, commit, update, archive, plugins, swarm, volumes' creation.
    [GeneratedRegex("""
        ^(?:GET\ /(?:version|info|_ping|events|containers/json|containers/[a-zA-Z0-9_.-]+/(?:json|logs|stats)|images/[a-zA-Z0-9_.:/@%-]+/json|networks(?:/[a-zA-Z0-9_.-]+)?|volumes)
        |POST\ /(?:containers/create|networks/create|containers/[a-zA-Z0-9_.-]+/(?:attach|start|kill)|images/create)
        |DELETE\ /(?:containers|networks|volumes)/[a-zA-Z0-9_.-]+)\z
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Allowed();
}
