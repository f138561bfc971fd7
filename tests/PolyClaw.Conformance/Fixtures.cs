using System.Collections.Concurrent;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace PolyClaw.Conformance;

/// <summary>The tools, prompts and resources that the suite's scenarios name.</summary>
internal static class Fixtures
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    public static IMcpServerBuilder WithFixtures(this IMcpServerBuilder builder) => builder
        .WithTools<ContentTools>()
        .WithTools<SessionTools>()
        .WithTools<ElicitationTools>()
        .WithTools<InputTools>()
        .WithTools<DiagnosticTools>()
        .WithTools([SchemaTool.Create()])
        .WithPrompts<FixturePrompts>()
        .WithResources<FixtureResources>()
        .WithCompleteHandler((_, _) => ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = [], Total = 0, HasMore = false } }))
        .WithSubscriptions()
        .WithCaching();

    /// <summary>Subscriptions exist in the sessions of earlier revisions alone.</summary>
    private static IMcpServerBuilder WithSubscriptions(this IMcpServerBuilder builder)
    {
        var subscriptions = new ConcurrentDictionary<(string Session, string Uri), bool>();
        return builder
            .WithSubscribeToResourcesHandler((request, _) =>
            {
                subscriptions[(SessionOf(request.Server.SessionId), request.Params.Uri)] = true;
                return ValueTask.FromResult(new EmptyResult());
            })
            .WithUnsubscribeFromResourcesHandler((request, _) =>
            {
                subscriptions.TryRemove((SessionOf(request.Server.SessionId), request.Params.Uri), out var _);
                return ValueTask.FromResult(new EmptyResult());
            });
    }

    private static IMcpServerBuilder WithCaching(this IMcpServerBuilder builder) => builder.WithRequestFilters(filters => filters
        .AddListToolsFilter(next => async (request, cancellationToken) => Cacheable(await next(request, cancellationToken)))
        .AddListPromptsFilter(next => async (request, cancellationToken) => Cacheable(await next(request, cancellationToken)))
        .AddListResourcesFilter(next => async (request, cancellationToken) => Cacheable(await next(request, cancellationToken)))
        .AddListResourceTemplatesFilter(next => async (request, cancellationToken) => Cacheable(await next(request, cancellationToken)))
        .AddReadResourceFilter(next => async (request, cancellationToken) => Cacheable(await next(request, cancellationToken))));

    private static T Cacheable<T>(T result)
        where T : ICacheableResult
    {
        result.TimeToLive = Fresh;
        result.CacheScope = CacheScope.Public;
        return result;
    }

    private static string SessionOf(string? session) =>
        session ?? throw new McpProtocolException("Subscriptions need a session.", McpErrorCode.InvalidRequest);
}
