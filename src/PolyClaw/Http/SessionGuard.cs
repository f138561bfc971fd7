using Microsoft.AspNetCore.Http.Features;

namespace PolyClaw.Http;

/// <summary>GET and DELETE belong to the sessions of older clients; without one they are no method of this address.</summary>
internal sealed class SessionGuard(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsPost(method))
        {
            await next(context);
            return;
        }

        var inSession = context.Request.Headers["Mcp-Session-Id"] is [{ Length: > 0 and <= 64 }];
        if (!inSession || !(HttpMethods.IsGet(method) || HttpMethods.IsDelete(method)))
        {
            context.Response.Headers.Allow = "POST";
            await HttpRefusal.WriteAsync(
                context, StatusCodes.Status405MethodNotAllowed, "Only POST is served here.", "Send each message as a POST.");
            return;
        }

        // The end of a session lets its stream go: it needs none itself, least of all where none is free.
        if (HttpMethods.IsDelete(method))
        {
            await next(context);
            return;
        }

        var streams = context.Features.GetRequiredFeature<CallBudget>().Streams;
        if (!streams.TryEnter())
        {
            await HttpRefusal.WriteBusyAsync(
                context, StatusCodes.Status429TooManyRequests, TimeSpan.FromSeconds(1), null, "Too many open event streams.");
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            streams.Leave();
        }
    }
}
