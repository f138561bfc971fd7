using PolyClaw.Containers.Images;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Runtimes;

/// <summary>The runtimes of this machine, best first, and which of them runs what. Which one it is, and why, is always told.</summary>
/// <param name="sources">Where to look.</param>
/// <param name="clock">Time.</param>
/// <param name="location">The place whose runtimes they are; nothing for this machine.</param>
internal sealed class RuntimeSet(IReadOnlyList<IRuntimeSource> sources, TimeProvider clock, string? location = null) : IAsyncDisposable
{
    /// <summary>How long at least between two looks for an engine that was not there.</summary>
    public static readonly TimeSpan LookPause = TimeSpan.FromSeconds(5);

    /// <summary>What the runtime is called where there is none.</summary>
    public const string None = "none";

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private volatile Opened? _opened;
    private volatile Task _looking = Task.CompletedTask;
    private long _looked;

    /// <summary>A set whose runtimes are known already.</summary>
    public static RuntimeSet Of(params IReadOnlyList<IRuntime> runtimes) =>
        new([], TimeProvider.System) { _opened = Judge([.. runtimes.Select(runtime => new RuntimeFinding(runtime))]) };

    /// <summary>
    /// What children run with; before <see cref="OpenAsync"/> that nothing is known yet. To ask is a need: what was missing is looked for
    /// again beside it, for who asks next.
    /// </summary>
    public RuntimeInfo Current
    {
        get
        {
            if (IsDue && _looking.IsCompleted)
                _looking = Task.Run(() => LookAgainAsync(_ending.Token), CancellationToken.None);
            return _opened?.Info ?? new RuntimeInfo("local", Isolation.Process, "no runtime has been looked for yet");
        }
    }

    /// <summary>What they were when they were last looked for; nothing before that. To ask is no need.</summary>
    public RuntimeInfo? Seen => _opened?.Info;

    private bool IsDue =>
        _opened is { } opened && opened.Told.Any(MayCome) && clock.GetElapsedTime(Volatile.Read(ref _looked)) >= LookPause && !_ending.IsCancellationRequested;

    /// <summary>Looks for the runtimes. Of those that are missing only what may come while we run is looked for again, at a need.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_opened is not null)
            return;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_opened is not null)
                return;
            Volatile.Write(ref _looked, clock.GetTimestamp());
            var findings = new List<RuntimeFinding>();
            foreach (var source in sources)
                findings.Add(await source.FindAsync(cancellationToken));
            _opened = Judge(findings);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Chooses who runs a launch, and has ToolServer made for it if it must be.</summary>
    /// <param name="launch">What is to run.</param>
    /// <param name="least">The weakest isolation that was allowed for it; a runtime that gives less is refused, never taken instead.</param>
    /// <param name="progress">Told what takes long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RuntimeFaultException">None of them can.</exception>
    public async Task<IRuntime> ChooseAsync(ChildLaunch launch, Isolation least, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var (runtime, refusal) = await TryChooseAsync(launch, progress, cancellationToken);
        if ((runtime is null || runtime.Info.Isolation < least) && IsDue)
        {
            await LookAgainAsync(cancellationToken);
            (runtime, refusal) = await TryChooseAsync(launch, progress, cancellationToken);
        }

        if (runtime is null)
            throw Nothing(refusal);
        return runtime.Info.Isolation >= least ? runtime : throw Weaker(runtime.Info, least, refusal);
    }

    /// <summary>Removes what is left of an earlier life, in every runtime.</summary>
    /// <exception cref="RuntimeFaultException">A runtime did not answer.</exception>
    public async Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var removed = new List<string>();
        foreach (var finding in _opened!.Findings)
            removed.AddRange(await finding.Runtime!.SweepAsync(new HashSet<string>(), cancellationToken));
        return removed;
    }

    private async Task<(IRuntime? Runtime, Fault? Refusal)> TryChooseAsync(ChildLaunch launch, IProgress<string> progress, CancellationToken cancellationToken)
    {
        Fault? refusal = null;
        foreach (var finding in _opened!.Findings)
        {
            var fault = (launch.Image is null ? finding.NoToolServer : null)
                ?? finding.Runtime!.Refuses(launch)
                ?? (launch.Image is null ? await ProvideAsync(finding, progress, cancellationToken) : null);
            if (fault is null)
                return (finding.Runtime, refusal);
            // The last one to refuse is the plainest runtime: what it misses is what the reader can add.
            refusal = fault;
        }

        return (null, refusal);
    }

    // An engine that is started after us is found at the next need, and not asked for too often.
    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (!IsDue)
                return;
            Volatile.Write(ref _looked, clock.GetTimestamp());
            var told = new List<RuntimeFinding>();
            foreach (var finding in _opened!.Told)
                told.Add(MayCome(finding) ? await FindSweptAsync(finding.Again!, cancellationToken) : finding);
            _opened = Judge(told);
        }
        finally
        {
            _opening.Release();
        }
    }

    // Before anybody can start a child in it: what lies there is of an earlier life.
    private static async Task<RuntimeFinding> FindSweptAsync(IRuntimeSource source, CancellationToken cancellationToken)
    {
        var found = await source.FindAsync(cancellationToken);
        if (found.Runtime is null)
            return found;
        try
        {
            await found.Runtime.SweepAsync(new HashSet<string>(), cancellationToken);
            return found;
        }
        catch (RuntimeFaultException refused)
        {
            await found.Runtime.DisposeAsync();
            return new RuntimeFinding(null, $"{found.Runtime.Info.Name} is not used: what is left there of an earlier life could not be removed: {refused.Fault}", Again: source);
        }
        catch
        {
            await found.Runtime.DisposeAsync();
            throw;
        }
    }

    private static bool MayCome(RuntimeFinding finding) => finding is { Runtime: null, Again: not null };

    // The first launch that needs ToolServer waits for it. When it cannot be had, everybody is told from here on.
    private async Task<Fault?> ProvideAsync(RuntimeFinding finding, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (finding.Unmade is null)
            return null;
        var missing = (await finding.Unmade.GetAsync(progress, cancellationToken) as ToolServerBinary.Missing)?.Error;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            var settled = new RuntimeFinding(finding.Runtime, missing is null ? null : DockerRuntimeSource.ImagesOnly(missing), missing);
            _opened = Judge([.. _opened!.Told.Select(one => one == finding ? settled : one)]);
        }
        finally
        {
            _opening.Release();
        }

        return missing;
    }

    // An engine elsewhere may only be out of reach for a while.
    private RuntimeFaultException Nothing(Fault? refusal) => refusal is null && location is not null
        ? new RuntimeFaultException(new Fault("location_away", $"the engine at {Hardening.LaunchRules.Show(location)} cannot be used: {_opened!.Info.Detail}", "/location"), transient: true)
        : new RuntimeFaultException(refusal ?? new Fault("no_runtime", $"nothing here can run a server: {_opened!.Info.Detail}"), transient: false);

    // Transient: a step that is tried again asks the gate anew, which then knows what this machine gives.
    private static RuntimeFaultException Weaker(RuntimeInfo info, Isolation least, Fault? cause) => new(
        new Fault(
            "isolation_weaker",
            $"{(cause is null ? "" : cause.Message + "; ")}the {info.Name} runtime gives isolation {Core.Wire.Name(info.Isolation)}, and this server was allowed in {Core.Wire.Name(least)}",
            Fix: cause?.Fix ?? "bring back the runtime it was made in, or remove the server and create it again"),
        transient: true);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await _looking;
        }
        catch (OperationCanceledException)
        {
            // It was still looking: what it would have found is not needed any more.
        }
        finally
        {
            foreach (var finding in _opened?.Findings ?? [])
                await finding.Runtime!.DisposeAsync();
        }
    }

    // What views tell of is the runtime that tools made here run in; what is missing of a better one stands beside it.
    private static Opened Judge(IReadOnlyList<RuntimeFinding> findings)
    {
        var there = findings.Where(finding => finding.Runtime is not null).ToList();
        var reasons = findings.Select(finding => finding.WhyNot).OfType<string>().ToList();
        var first = (there.Find(finding => finding.NoToolServer is null) ?? there.FirstOrDefault())?.Runtime?.Info;
        return new Opened(findings, there, first is null
            ? new RuntimeInfo(None, Isolation.Process, string.Join("; ", reasons))
            : first with { Detail = string.Join("; ", [first.Detail, .. reasons]) });
    }

    private sealed record Opened(IReadOnlyList<RuntimeFinding> Told, IReadOnlyList<RuntimeFinding> Findings, RuntimeInfo Info);
}
