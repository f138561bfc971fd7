using System.Text;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Tests.Journal;

namespace PolyClaw.Core.Tests.Execution;

public sealed class BlobStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bytes_are_kept_once_and_read_back_by_digest()
    {
        var store = new BlobStore(_folder.File("blobs"));
        var digests = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.Put("hello"u8))));
        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", Assert.Single(digests.Distinct()));
        Assert.True(store.TryGet(digests[0], out var bytes));
        Assert.Equal("hello", Encoding.UTF8.GetString(bytes));
        Assert.Single(Directory.GetFiles(_folder.File("blobs"), "*", SearchOption.AllDirectories)); // no half-written file is left
        Assert.False(store.TryGet(new string('0', 64), out _));
    }

    [Fact, Trait("Fault", "F9")]
    public void Damaged_bytes_are_told_and_never_handed_out_and_cut_ones_are_written_again()
    {
        var store = new BlobStore(_folder.File("blobs"));
        var digest = store.Put("hello"u8);
        var path = Assert.Single(Directory.GetFiles(_folder.File("blobs"), "*", SearchOption.AllDirectories));
        File.WriteAllText(path, "hullo");
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => store.TryGet(digest, out _)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "hel");
        Assert.Equal(digest, store.Put("hello"u8));
        Assert.True(store.TryGet(digest, out var bytes));
        Assert.Equal("hello", Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    [Trait("Fault", "F9")]
    public void Bytes_that_cannot_be_kept_are_a_fault_that_names_the_folder()
    {
        File.WriteAllText(_folder.File("file"), "in the way");
        var fault = Assert.Throws<BlobFaultException>(() => new BlobStore(_folder.File("file")).Put("hello"u8)).Fault;
        Assert.Equal(("storage_unwritable", _folder.File("file")), (fault.Code, fault.Path));
        Assert.Equal("storage_full", new BlobFaultException("here", new IOException("No space left on device", 28)).Fault.Code);
    }

    [Theory, Trait("Threat", "T06")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824")]
    public void What_is_no_digest_opens_no_path(string digest) =>
        Assert.Throws<ArgumentException>(() => new BlobStore(_folder.Path).TryGet(digest, out _));

    [Fact]
    public void A_file_of_the_run_is_laid_out_under_its_name()
    {
        var store = new BlobStore(_folder.File("blobs"));
        var path = store.Publish(store.Put("one"u8), _folder.File("run"), "report.md");
        Assert.Equal(_folder.File("run/report.md"), path);
        store.Publish(store.Put("two"u8), _folder.File("run"), "report.md");
        Assert.Equal("two", File.ReadAllText(path));
    }

    [Fact]
    public void Goal_files_are_read_by_exact_name_as_strict_text()
    {
        var store = new BlobStore(_folder.File("blobs"));
        GoalFile Keep(string name, byte[] bytes) => new(name, store.Put(bytes), bytes.Length);
        var files = new StoredGoalFiles(store, [Keep("a.txt", [0xEF, 0xBB, 0xBF, .. "text"u8]), Keep("b.bin", [0xFF, 0xFE]), new GoalFile("gone", new string('0', 64), 1)]);
        Assert.True(files.TryReadText("a.txt", out var text));
        Assert.Equal("text", text);
        foreach (var name in (string[])["A.TXT", "./a.txt", "b.bin", "gone", ""])
            Assert.False(files.TryReadText(name, out _), name);
    }
}
