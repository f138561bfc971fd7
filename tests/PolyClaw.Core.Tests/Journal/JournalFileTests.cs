using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Tests.Journal;

public sealed class JournalFileTests : IDisposable
{
    private readonly JournalHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task A_newer_file_is_refused_and_not_touched()
    {
        await _house.FillAsync();
        JournalHouse.Tamper(_house.Path, $"PRAGMA user_version={JournalSchema.Version + 1}; PRAGMA wal_checkpoint(TRUNCATE);");
        AssertRefused("journal_newer");
    }

    [Fact]
    public async Task A_file_of_the_version_before_services_gets_their_listing_and_keeps_what_it_has()
    {
        await _house.FillAsync();
        JournalHouse.Tamper(_house.Path, "DROP TABLE services; PRAGMA user_version=1; PRAGMA wal_checkpoint(TRUNCATE);");
        await using var journal = _house.Open();
        Assert.Empty(journal.Services());
        Assert.NotEmpty(journal.Servers());
        Assert.Null(journal.Verify());
    }

    [Fact]
    public async Task A_damaged_file_is_refused_and_not_touched()
    {
        await _house.FillAsync();
        var bytes = File.ReadAllBytes(_house.Path);
        bytes.AsSpan(100, 400).Fill(0xAA);
        File.WriteAllBytes(_house.Path, bytes);
        AssertRefused("journal_corrupt");
    }

    [Theory]
    [InlineData("this is no database, and long enough to be taken for one by nobody")]
    [InlineData("SQLite format 3\0 but nothing behind the magic word is as it should be")]
    public void A_file_that_is_no_database_is_refused_and_not_touched(string content)
    {
        File.WriteAllText(_house.Path, content);
        AssertRefused("journal_corrupt");
    }

    [Fact]
    public void Another_programs_database_is_refused_and_not_touched()
    {
        JournalHouse.Tamper(_house.Path, "CREATE TABLE recipes(name TEXT); INSERT INTO recipes VALUES ('soup');");
        AssertRefused("journal_corrupt");
    }

    [Theory, Trait("Threat", "T26")]
    [InlineData("")]
    [InlineData("PRAGMA journal_mode=WAL;")]
    public async Task A_file_whose_making_was_cut_off_is_made_anew(string sql)
    {
        JournalHouse.Tamper(_house.Path, sql);
        await using var journal = _house.Open();
        var run = RunId.New();
        Assert.Single(await journal.AppendAsync(StreamName.Run(run, "acme"), JournalHouse.Created(run)));
    }

    [Fact]
    public void A_folder_that_is_missing_is_named()
    {
        var path = Path.Combine(_house.Folder, "missing", "journal.db");
        var fault = Assert.Throws<JournalFaultException>(() => PolyClaw.Core.Journal.Journal.Open(new JournalOptions(path), TimeProvider.System)).Fault;
        Assert.Equal("journal_unwritable", fault.Code);
        Assert.Contains("missing", fault.Path, StringComparison.Ordinal);
        Assert.NotNull(fault.Fix);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        // Not even root can make files here.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        var fault = Assert.Throws<JournalFaultException>(() => PolyClaw.Core.Journal.Journal.Open(new JournalOptions("/proc/journal.db"), TimeProvider.System)).Fault;
        Assert.Equal("journal_unwritable", fault.Code);
        Assert.Equal("/proc/journal.db.lock", fault.Path);
    }

    private void AssertRefused(string code)
    {
        var before = File.ReadAllBytes(_house.Path);
        var fault = Assert.Throws<JournalFaultException>(() => _house.Open()).Fault;
        Assert.Equal(code, fault.Code);
        Assert.Equal(_house.Path, fault.Path);
        Assert.Equal(before, File.ReadAllBytes(_house.Path));
        // Refusing lets go of the lock: the next one is told the same, not that somebody owns it.
        Assert.Equal(code, Assert.Throws<JournalFaultException>(() => _house.Open()).Fault.Code);
    }
}
