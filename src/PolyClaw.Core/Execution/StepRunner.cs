using Polly;
using Polly.Retry;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution;

/// <summary>Carries out one allowed step: its attempts, their time limit, and the one form of its outcome.</summary>
internal sealed class StepRunner
{
    private readonly TimeProvider _clock;
    private readonly ExecutionOptions _options;

    public StepRunner(ExecutionOptions options, TimeProvider clock) => (_options, _clock) = (options, clock);

    /// <summary>Asks for what the next attempt needs: a fresh permit, journaled as an intent. Nothing but an outcome when the gate now says no.</summary>
    public delegate Task<(Permit? Permit, StepOutcome? Instead)> NextAttempt(Fault error, int attempt, TimeSpan delay);

    /// <summary>Runs it to its end. Throws only on cancellation by <paramref name="cancellationToken"/>.</summary>
    public async Task<StepOutcome> RunAsync(
        IActionHandler handler, Permit permit, StepContext context, NextAttempt nextAttempt, CancellationToken cancellationToken)
    {
        var next = permit;
        StepOutcome? instead = null;
        var strategy = new RetryStrategyOptions<StepOutcome>
        {
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Result is StepOutcome.Failed { Transient: true }),
            MaxRetryAttempts = Math.Max(1, _options.Retries),
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(_options.RetryDelayMs),
            UseJitter = true,
            OnRetry = async retry =>
            {
                var error = ((StepOutcome.Failed)retry.Outcome.Result!).Error;
                (var renewed, instead) = await nextAttempt(error, retry.AttemptNumber + 2, retry.RetryDelay);
                next = renewed ?? next;
            },
        };
        var attempts = new ResiliencePipelineBuilder<StepOutcome> { TimeProvider = _clock };
        if (_options.Retries > 0)
            attempts.AddRetry(strategy);
        return await attempts.Build().ExecuteAsync(
            async token => instead ?? await AttemptAsync(handler, next, context, token), cancellationToken);
    }

    private async Task<StepOutcome> AttemptAsync(IActionHandler handler, Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var limit = handler.TimeLimit(permit.Action);
        using var deadline = new CancellationTokenSource(limit, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await handler.ExecuteAsync(permit, context, both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return handler.WhenCutOff(permit.Tenant, permit.Action) == CrashMeaning.Once
                ? new StepOutcome.InDoubt($"no answer within {limit.TotalSeconds:0.#} s, and it must not be repeated blindly")
                : new StepOutcome.TimedOut(limit);
        }
    }
}
