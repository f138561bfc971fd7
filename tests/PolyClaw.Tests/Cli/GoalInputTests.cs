using PolyClaw.Cli;
using PolyClaw.Core.Goals;
using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Cli;

public sealed class GoalInputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pct-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_that_is_there_and_cannot_be_read_is_told_by_its_name()
    {
        // The system refuses to read this one, whoever asks.
        Link("bad.goal", "/proc/self/mem");
        var fault = Read("bad.goal").Fault!;
        Assert.Equal(("file_unreadable", At("bad.goal")), (fault.Code, fault.Path));

        Link("bad.csv", "/proc/self/mem");
        fault = GoalInput.Read("report \"x\"", [At("bad.csv")], Blobs()).Fault!;
        Assert.Equal(("file_unreadable", At("bad.csv")), (fault.Code, fault.Path));
    }

    [Fact]
    [Trait("BadInput", "B20")]
    public void An_endless_file_is_read_no_further_than_allowed()
    {
        Link("endless.goal", "/dev/zero");
        Assert.Equal("file_too_large", Read("endless.goal").Fault!.Code);
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_is_told_by_its_folder_and_not_as_a_broken_connection()
    {
        await using var home = new TestHome();
        Directory.CreateDirectory(home.Folder);
        await File.WriteAllTextAsync(home.Home.Blobs, "in the way", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(At("a.csv"), "1,2", TestContext.Current.CancellationToken);
        var ended = await home.RunAsync("run", "report \"x\"", "--file", At("a.csv"), "--json");
        Assert.Equal(1, ended.Code);
        Assert.Contains("storage_unwritable", ended.Output, StringComparison.Ordinal);
        Assert.Contains(home.Home.Blobs, ended.Output, StringComparison.Ordinal);
    }

    private GoalInput Read(string name) => GoalInput.Read(At(name), [], Blobs());

    private BlobStore Blobs() => new(At("blobs"));

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Link(string name, string to) => File.CreateSymbolicLink(At(name), to);
}
