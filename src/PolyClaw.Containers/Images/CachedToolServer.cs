using System.Runtime.InteropServices;
using PolyClaw.Containers.Runtimes.Local;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Images;

/// <summary>
/// The ToolServer that goes into containers: the static one beside the app; else, when the app runs from a checkout, one published
/// from its sources, once for all runs, kept under the user's cache by the digest of these sources.
/// </summary>
/// <param name="locator">Finds the one beside the app.</param>
/// <param name="checkout">The checkout; nothing when the app does not run from one, or the settings name a program.</param>
/// <param name="publisher">Publishes.</param>
/// <param name="cache">The folder to keep it in.</param>
/// <param name="clock">Time.</param>
internal sealed class CachedToolServer(
    ToolServerLocator locator, ToolServerCheckout? checkout, IToolServerPublisher publisher, string cache, TimeProvider clock) : IToolServerBinary, IDisposable
{
    private const string FileName = "polyclaw-toolserver";
    private const int Kept = 4;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private ToolServerBinary? _settled;

    private static string RuntimeIdentifier => "linux-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>The usual cache folder: <c>XDG_CACHE_HOME</c>, else <c>~/.cache</c>.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static string UsualCache(Func<string, string?> variable)
    {
        var root = variable("XDG_CACHE_HOME") is { } given && Path.IsPathFullyQualified(given)
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root, "polyclaw", "toolserver");
    }

    /// <inheritdoc/>
    public ToolServerBinary Look()
    {
        if (Volatile.Read(ref _settled) is { } settled)
            return settled;
        try
        {
            var beside = locator.Find(out var none);
            if (beside is { Dotnet: null } && StaticProgram.Is(beside.File, RuntimeInformation.OSArchitecture))
                return new ToolServerBinary.Found(beside.File);
            if (checkout is null)
                return new ToolServerBinary.Missing(none ?? NotStatic());
            return FromCache(checkout.Digest(RuntimeIdentifier)) is { } cached ? cached
                : publisher.Problem() is { } problem ? new ToolServerBinary.Missing(problem)
                : new ToolServerBinary.Unmade();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Unreadable(unreadable);
        }
    }

    /// <inheritdoc/>
    public async Task<ToolServerBinary> GetAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (!_turn.Wait(0, CancellationToken.None))
        {
            progress.Report("waiting until ToolServer is published");
            await _turn.WaitAsync(cancellationToken);
        }

        try
        {
            // A failure holds too: a second wait as long as the first would be no better than the first.
            if (Look() is var seen and not ToolServerBinary.Unmade)
                return seen;
            var made = await MakeInTimeAsync(progress, cancellationToken);
            Volatile.Write(ref _settled, made);
            return made;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<ToolServerBinary> MakeInTimeAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(publisher.Limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await MakeAsync(checkout!, progress, both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Missing($"ToolServer was not published within {publisher.Limit.TotalSeconds:0} s", $"dotnet publish {checkout!.Project} -c Release -r {RuntimeIdentifier}, and set Runtime:ToolServerPath to the file it makes");
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return Unreadable(unwritable);
        }
    }

    private async Task<ToolServerBinary> MakeAsync(ToolServerCheckout sources, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(cache);
        else
            Directory.CreateDirectory(cache, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // One publish at a time on this machine: they would share the work folder, and two take longer than one after the other.
        await using var held = await LockAsync(progress, cancellationToken);
        var digest = sources.Digest(RuntimeIdentifier);
        if (FromCache(digest) is { } others)
            return others;
        var half = Path.Combine(cache, digest + ".half");
        Clear(half);
        var publishing = publisher.PublishAsync(sources, RuntimeIdentifier, half, Path.Combine(cache, "work"), cancellationToken);
        await TellUntilAsync(publishing, "publishing ToolServer for containers; this happens once and takes some minutes", progress);
        if (await publishing is { } failed)
            return new ToolServerBinary.Missing(failed);
        var target = Path.Combine(cache, digest);
        Clear(target);
        Directory.Move(half, target);
        Prune(target);
        return FromCache(digest) is { } made ? made : new ToolServerBinary.Missing(NotStatic());
    }

    private async Task<FileStream> LockAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // The system drops the lock with the process that holds it, however that ends.
                return new FileStream(Path.Combine(cache, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(Path.Combine(cache, "lock")))
            {
                progress.Report("waiting for another PolyClaw that is publishing ToolServer");
                await Task.Delay(LockRetry, clock, cancellationToken);
            }
        }
    }

    private async Task TellUntilAsync(Task ended, string what, IProgress<string> progress)
    {
        var begun = clock.GetTimestamp();
        do
        {
            progress.Report($"{what} ({clock.GetElapsedTime(begun).TotalSeconds:0} s so far)");
            await Task.WhenAny(ended, Task.Delay(Tick, clock, CancellationToken.None));
        }
        while (!ended.IsCompleted);
    }

    private ToolServerBinary.Found? FromCache(string digest)
    {
        var file = Path.Combine(cache, digest, FileName);
        return File.Exists(file) && StaticProgram.Is(file, RuntimeInformation.OSArchitecture) ? new ToolServerBinary.Found(file) : null;
    }

    // What earlier sources made is of no use once they have changed; a few stay for a developer who goes back and forth.
    private void Prune(string newest)
    {
        var old = new DirectoryInfo(cache).EnumerateDirectories()
            .Where(folder => folder.Name.Length == 32 && folder.FullName != newest)
            .OrderByDescending(folder => folder.LastWriteTimeUtc)
            .Skip(Kept - 1);
        foreach (var folder in old)
            folder.Delete(recursive: true);
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static Fault NotStatic() =>
        new("toolserver_missing", "the ToolServer beside the app is no static Linux program, which a container needs", Fix: "publish the app, or set Runtime:ToolServerPath to a static ToolServer");

    private static ToolServerBinary.Missing Missing(string message, string fix) => new(new Fault("toolserver_missing", message, Fix: fix));

    private static ToolServerBinary.Missing Unreadable(Exception cause) =>
        Missing($"ToolServer could not be kept or read: {cause.Message}", "make the folder writable, or set XDG_CACHE_HOME");
}
