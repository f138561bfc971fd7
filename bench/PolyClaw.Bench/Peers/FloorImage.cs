using System.Formats.Tar;
using System.Security.Cryptography;

namespace PolyClaw.Bench.Peers;

/// <summary>The stdio floor as an image of one file, for as long as a row needs it.</summary>
internal sealed class FloorImage : IAsyncDisposable
{
    private const string Repository = "polyclaw-bench/floor";
    private const string File = "floor-stdio";

    private readonly EngineApi _engine;

    private FloorImage(EngineApi engine, string tag) => (_engine, Reference) = (engine, $"{Repository}:{tag}");

    public string Reference { get; }

    public static async Task<FloorImage> MakeAsync(EngineApi engine, string program, CancellationToken cancellationToken)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await using var content = System.IO.File.OpenRead(program);
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, File)
                {
                    DataStream = content,
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
                },
                cancellationToken);
        }

        tar.Position = 0;
        // A tag of its own, so that two benches at once do not remove each other's image.
        var image = new FloorImage(engine, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        await engine.ImportImageAsync(Repository, image.Reference[(Repository.Length + 1)..], "/" + File, tar, cancellationToken);
        return image;
    }

    public async ValueTask DisposeAsync() => await _engine.RemoveImageAsync(Reference, CancellationToken.None);
}
