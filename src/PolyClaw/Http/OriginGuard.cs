using System.Collections.Frozen;

namespace PolyClaw.Http;

/// <summary>Refuses what a web page of another site sends: browsers say where a request comes from, programs do not.</summary>
internal sealed class OriginGuard
{
    private readonly RequestDelegate _next;
    private readonly FrozenSet<string> _allowed;
    private readonly bool _allowOwn;

    public OriginGuard(RequestDelegate next, McpHttpOptions options)
    {
        _next = next;
        _allowed = options.AllowedOrigins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _allowOwn = options.AllowOwnOrigin;
    }

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var origins = headers.Origin;
        var allowed = origins.Count == 1 && origins[0] is { } origin && IsAllowed(origin, context);
        if (origins.Count > 0 && !allowed)
            return HttpRefusal.WriteAsync(
                context, StatusCodes.Status403Forbidden, "This web origin may not call.", "Add it to Http:AllowedOrigins in the settings, or call from a program.");

        // An allowed origin of another port on this machine is rightly called same-site by the browser.
        var site = headers["Sec-Fetch-Site"];
        if (!allowed && site.Count > 0 && site is not [("none" or "same-origin")])
            return HttpRefusal.WriteAsync(
                context, StatusCodes.Status403Forbidden, "Pages of other sites may not call.", "Call from a program, or from an origin in Http:AllowedOrigins.");
        return _next(context);
    }

    private bool IsAllowed(string origin, HttpContext context) =>
        _allowed.Contains(origin)
        || (_allowOwn && origin.Equals("http://" + context.Request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
