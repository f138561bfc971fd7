using System.Collections.Concurrent;
using System.Security.Claims;

namespace PolyClaw.Http;

/// <summary>Gives each principal its budget, and refuses messages that come faster than it allows.</summary>
internal sealed class RateGuard(RequestDelegate next, McpHttpOptions options, TimeProvider clock)
{
    // Bounded by the number of tokens: a principal is known only after its token was.
    private readonly ConcurrentDictionary<string, CallBudget> _budgets = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        var principal = context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        var budget = _budgets.GetOrAdd(principal, _ => new CallBudget(options, clock));
        if (!budget.Messages.TryTake(out var retryAfter))
        {
            await HttpRefusal.WriteBusyAsync(
                context, StatusCodes.Status429TooManyRequests, retryAfter, null,
                $"More than {options.MessagesPerSecond:0.#} messages a second.");
            return;
        }

        context.Features.Set(budget);
        await next(context);
    }
}
