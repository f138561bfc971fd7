using System.Globalization;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Http;

/// <summary>Answers a call that a guard refuses: a status and a JSON-RPC error, and nothing of what comes after the guard.</summary>
internal static class HttpRefusal
{
    /// <summary>Refuses before the body was looked at: the error has no id.</summary>
    public static Task WriteAsync(HttpContext context, int status, string message, string fix) =>
        WriteAsync(context, status, RpcErrors.Refusal(new RpcFault(RpcCodes.Refused, message, null, fix)));

    /// <summary>Asks to come back later.</summary>
    public static Task WriteBusyAsync(HttpContext context, int status, TimeSpan retryAfter, RpcId? id, string message)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var fault = new RpcFault(RpcCodes.TooManyRequests, message, null, $"Try again in {seconds} s.");
        return WriteAsync(context, status, id is { } known ? RpcErrors.Answer(known, fault) : RpcErrors.Refusal(fault));
    }

    /// <summary>Writes a JSON-RPC error as the whole answer.</summary>
    public static async Task WriteAsync(HttpContext context, int status, byte[] error)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = error.Length;
        await response.Body.WriteAsync(error, context.RequestAborted);
    }
}
