using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Services.Control;

/// <summary>
/// Keeps one service: looks once a second and whenever something changes, decides, writes how the service stands to the journal where that
/// changed, and only then brings the world to it. Everything here runs one thing at a time, on the loop; what takes long is begun and comes back as a signal.
/// </summary>
internal sealed partial class ServiceLoop : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ServiceWorld _world;
    private readonly Func<ServiceLoop, ServiceRoutes?, bool> _publish;
    private readonly Channel<Func<Task>> _inbox = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<int, ServiceGrant> _grants = [];
    private readonly CancellationTokenSource _stop = new();
    private ServiceRecord _record;
    private TaskCompletionSource _pulse = NewPulse();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;
    private volatile bool _gone;
    private readonly bool _restored;
    private DateTimeOffset _begunAt;

    /// <param name="record">How it stands; one without versions for a service that is being made.</param>
    /// <param name="grants">The rights to run its versions.</param>
    /// <param name="world">What it is kept with.</param>
    /// <param name="publish">Takes the service's routes, or nothing when it has none any more; says whether they are in force.</param>
    public ServiceLoop(ServiceRecord record, IEnumerable<ServiceGrant> grants, ServiceWorld world, Func<ServiceLoop, ServiceRoutes?, bool> publish)
    {
        _record = record;
        _world = world;
        _publish = publish;
        foreach (var grant in grants)
            _grants[grant.Version] = grant;
        _scaling = Scaling.ScalingState.Empty with { Asked = record.Scaling?.Asked };
        _madeAt = _begunAt = world.Clock.GetUtcNow();
        _restored = record.Versions.Count > 0;
        // In the middle of its removal, or of a first version that was given up: it goes on going.
        _deleting = record.Deleting || (_restored && record is { Stable: 0, IsRolling: false });
    }

    public string Tenant => _record.Tenant;

    public string Name => _record.Name;

    /// <summary>How it stands, as it is on disk.</summary>
    public ServiceRecord Record => Volatile.Read(ref _record);

    /// <summary>Whether it does not exist any more.</summary>
    public bool IsGone => _gone;

    /// <summary>Completes at the next look.</summary>
    public Task Pulse => Volatile.Read(ref _pulse).Task;

    public void Begin()
    {
        _begunAt = _world.Clock.GetUtcNow();
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Something happened: it looks at once.</summary>
    public void Wake() => _inbox.Writer.TryWrite(static () => Task.CompletedTask);

    /// <summary>Waits until something is so, or the service is gone.</summary>
    public async Task UntilAsync(Func<ServiceRecord, bool> so, Action? look, CancellationToken cancellationToken)
    {
        while (true)
        {
            var pulse = Pulse;
            cancellationToken.ThrowIfCancellationRequested();
            look?.Invoke();
            if (_gone || so(Record))
                return;
            if (_ended.Task.IsCompleted)
                throw NotKept();
            await pulse.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes once it has looked and what it began has ended or waits for the clock.</summary>
    internal async Task SettledAsync()
    {
        try
        {
            while (!await OnLoopAsync(() => Task.FromResult(
                !_inbox.Reader.TryPeek(out _) && _effects.Values.Count(effect => !effect.IsCompleted) <= Volatile.Read(ref _pausing))))
            {
                await Task.Yield();
            }
        }
        catch (OperationCanceledException) when (_ended.Task.IsCompleted)
        {
            // It has ended.
        }
    }

    /// <summary>Stops looking. The replicas stay, and their routes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _inbox.Writer.TryComplete();
        await _loop;
        _ended.TrySetResult();
        await Task.WhenAll(_effects.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>Does something on the loop and gives its answer.</summary>
    private async Task<T> OnLoopAsync<T>(Func<Task<T>> change)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_inbox.Writer.TryWrite(async () =>
        {
            try
            {
                answer.TrySetResult(await change());
            }
            catch (Exception e)
            {
                // The asker's to deal with; the loop goes on.
                answer.TrySetException(e);
            }
        }))
            await Task.WhenAny(answer.Task, _ended.Task);
        return answer.Task.IsCompleted ? await answer.Task : throw NotKept();
    }

    private static OperationCanceledException NotKept() => new("the service is not kept by this instance any more");

    private async Task RunAsync()
    {
        await using var timer = _world.Clock.CreateTimer(static loop => ((ServiceLoop)loop!).Wake(), this, Look, Look);
        Wake();
        try
        {
            while (!_gone && await _inbox.Reader.WaitToReadAsync(_stop.Token))
            {
                try
                {
                    while (_inbox.Reader.TryRead(out var next))
                        await next();
                    if (!_gone)
                        await LookAsync();
                }
                catch (JournalFaultException unwritten)
                {
                    // What is not on disk is not done. The next look decides anew.
                    LogUnwritten(_world.Log, unwritten, Name);
                }
                catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
                {
                    // Whatever it was, the service must be kept; the next look comes within a second.
                    LogFailedLook(_world.Log, e, Name);
                }

                Interlocked.Exchange(ref _pulse, NewPulse()).TrySetResult();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The instance ends; the journal has what the next one needs.
        }
        catch (Exception e)
        {
            LogEnded(_world.Log, e, Name);
        }
        finally
        {
            _inbox.Writer.TryComplete();
            _ended.TrySetResult();
            Volatile.Read(ref _pulse).TrySetResult();
        }
    }

    private async Task LookAsync()
    {
        var seen = See();
        if (_record.IsRolling)
            await RollAsync(seen);
        else
            await ScaleByLoadAsync(seen);
        await BringAboutAsync(seen);
    }

    /// <summary>Writes how the service stands from now on. What follows from it may be done once this returns.</summary>
    private async Task KeepAsync(ServiceRecord record, string text)
    {
        await _world.Journal.AppendAsync(StreamName.Service(Tenant, Name), new JournalEvent.ServiceKept(record, text));
        Volatile.Write(ref _record, record);
        LogKept(_world.Log, Name, text);
    }

    private ServiceRecord With(int version, Func<VersionRecord, VersionRecord> change) => With(_record, version, change);

    private static ServiceRecord With(ServiceRecord record, int version, Func<VersionRecord, VersionRecord> change) =>
        record with { Versions = [.. record.Versions.Select(v => v.Number == version ? change(v) : v)] };

    private void Tell(string kind, int version, string text) =>
        _world.Notices.Tell(new ServiceNotice(kind, Tenant, Name, version, text, _world.Clock.GetUtcNow()));

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Information, "Service {Service}: {Text}")]
    private static partial void LogKept(ILogger log, string service, string text);

    [LoggerMessage(LogLevel.Error, "Service {Service} could not be written down; nothing was changed, and it is tried again")]
    private static partial void LogUnwritten(ILogger log, Exception exception, string service);

    [LoggerMessage(LogLevel.Error, "A look at service {Service} met an unexpected fault; it is looked at again")]
    private static partial void LogFailedLook(ILogger log, Exception exception, string service);

    [LoggerMessage(LogLevel.Critical, "Service {Service} is not kept any more: an unexpected fault")]
    private static partial void LogEnded(ILogger log, Exception exception, string service);
}
