using System.Formats.Tar;
using System.Security.Cryptography;
using Docker.DotNet;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Images;

/// <summary>
/// The image that tool code runs in: the ToolServer program and nothing else, made through the engine itself, so that no registry is needed.
/// Its tag is the digest of the program; an image that is there already is used.
/// </summary>
internal sealed class ToolServerImage(DockerEngine engine, IToolServerBinary binary) : IDisposable
{
    /// <summary>The repository that the images are tagged with.</summary>
    public const string Repository = "polyclaw-toolserver";

    /// <summary>Where the program lies in the image; also its entry point.</summary>
    public const string EntryPoint = "/polyclaw-toolserver";

    private const string Kind = "toolserver-image";
    private const string ProgramLabel = "polyclaw.program-sha256";
    private const long MaxProgram = 256L << 20;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private string? _id;

    /// <summary>The image's id; makes the image when it is not there. Concurrent callers share one making.</summary>
    /// <exception cref="RuntimeFaultException">There is no program, or the engine refused it.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        if (_id is { } known)
            return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _id ??= await FindOrMakeAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Forgets the image, because the engine no longer has it: the next caller makes it again.</summary>
    /// <param name="id">What <see cref="GetAsync"/> gave.</param>
    public void Forget(string id) => Interlocked.CompareExchange(ref _id, null, id);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<string> FindOrMakeAsync(CancellationToken cancellationToken)
    {
        var program = await ReadAsync(cancellationToken);
        var digest = Convert.ToHexStringLower(SHA256.HashData(program));
        var tag = $"{Repository}:{digest[..12]}";
        if (await engine.InspectImageAsync(tag, cancellationToken) is { } found && Holds(found, digest))
            return found.ID;
        await ImportAsync(program, digest, cancellationToken);
        // By id from here on: a tag can be moved, an id cannot.
        return await engine.InspectImageAsync(tag, cancellationToken) is { } made && Holds(made, digest)
            ? made.ID
            : throw new RuntimeFaultException(new("toolserver_image", $"the engine took the ToolServer image and does not have it as {tag}"), transient: true);
    }

    private async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var path = await binary.GetAsync(Unheard.Instance, cancellationToken) switch
        {
            ToolServerBinary.Found found => found.Path,
            ToolServerBinary.Missing missing => throw new RuntimeFaultException(missing.Error, transient: false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        try
        {
            // Read once: what is hashed is what is packed, whatever happens to the file meanwhile.
            return new FileInfo(path).Length <= MaxProgram
                ? await File.ReadAllBytesAsync(path, cancellationToken)
                : throw new RuntimeFaultException(Unusable(path, $"larger than {MaxProgram >> 20} MiB"), transient: false);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeFaultException(Unusable(path, unreadable.Message), transient: false, unreadable);
        }
    }

    private async Task ImportAsync(byte[] program, string digest, CancellationToken cancellationToken)
    {
        using var archive = await PackAsync(program, cancellationToken);
        var progress = new ImageProgress(() => { });
        try
        {
            await engine.CreateImageAsync(
                new()
                {
                    Repo = Repository,
                    Tag = digest[..12],
                    Changes = [$"ENTRYPOINT [\"{EntryPoint}\"]", "USER 65532:65532", "WORKDIR /tmp", $"LABEL {DockerLabels.Kind}={Kind}", $"LABEL {ProgramLabel}={digest}"],
                },
                archive,
                progress,
                engine.Deadlines.Call,
                cancellationToken);
        }
        catch (DockerApiException refusal)
        {
            throw DockerFaults.Refused("import the ToolServer image", refusal);
        }
        if (progress.Error is { } error)
            throw new RuntimeFaultException(new("toolserver_image", "the engine did not take the ToolServer image: " + error), transient: false);
    }

    private static async Task<MemoryStream> PackAsync(byte[] program, CancellationToken cancellationToken)
    {
        var archive = new MemoryStream(program.Length + 16 * 1024);
        await using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await tar.WriteEntryAsync(Folder("tmp", (UnixFileMode)0b1_111_111_111), cancellationToken);
            await tar.WriteEntryAsync(Folder("etc", (UnixFileMode)0b111_101_101), cancellationToken);
            await tar.WriteEntryAsync(Item("etc/passwd", "sandbox:x:65532:65532:sandbox:/tmp:/nonexistent\n"u8.ToArray(), (UnixFileMode)0b110_100_100), cancellationToken);
            await tar.WriteEntryAsync(Item("etc/group", "sandbox:x:65532:\n"u8.ToArray(), (UnixFileMode)0b110_100_100), cancellationToken);
            await tar.WriteEntryAsync(Item(EntryPoint[1..], program, (UnixFileMode)0b111_101_101), cancellationToken);
        }
        archive.Position = 0;
        return archive;
    }

    // The epoch as time, so that the same program makes the same layer.
    private static UstarTarEntry Folder(string name, UnixFileMode mode) =>
        new(TarEntryType.Directory, name) { Mode = mode, ModificationTime = DateTimeOffset.UnixEpoch };

    private static UstarTarEntry Item(string name, byte[] content, UnixFileMode mode) =>
        new(TarEntryType.RegularFile, name) { Mode = mode, ModificationTime = DateTimeOffset.UnixEpoch, DataStream = new MemoryStream(content, writable: false) };

    private static bool Holds(Docker.DotNet.Models.ImageInspectResponse image, string digest) =>
        image.Config?.Labels is { } labels && labels.TryGetValue(ProgramLabel, out var held) && held == digest;

    private static Fault Unusable(string path, string why) =>
        new("toolserver_missing", $"the ToolServer program cannot be used: {why}", path, "publish it again, or set the path of a good one");
}
