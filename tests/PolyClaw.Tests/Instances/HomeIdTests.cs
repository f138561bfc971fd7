using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

public sealed class HomeIdTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pct-");

    private string IdFile => Path.Combine(_folder.FullName, "id");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Trait("Fault", "F13")]
    public async Task It_stays_the_same_and_two_that_start_at_once_agree()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Home.At(_folder.FullName).Id)));
        Assert.Matches("^[0-9a-f]{16}$", Assert.Single(ids.Distinct()));
        Assert.Equal(ids[0], Home.At(_folder.FullName).Id);
        Assert.Single(_folder.GetFiles());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(IdFile));
    }

    [Fact]
    public void Two_homes_have_two_ids_even_when_one_is_a_copy()
    {
        var (one, other) = (_folder.CreateSubdirectory("one").FullName, _folder.CreateSubdirectory("other").FullName);
        var id = Home.At(one).Id;
        File.Copy(Path.Combine(one, "id"), Path.Combine(other, "id"));
        Assert.NotEqual(id, Home.At(other).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    public void A_broken_file_is_a_fault_and_is_left_as_it_is(string text)
    {
        File.WriteAllText(IdFile, text);
        AssertBroken();
        Assert.Equal(text, File.ReadAllText(IdFile));
    }

    [Fact]
    public void A_link_an_endless_file_and_a_folder_are_faults_too()
    {
        File.CreateSymbolicLink(IdFile, "/etc/hostname");
        AssertBroken();
        File.Delete(IdFile);
        File.WriteAllText(IdFile, new string('a', 10_000));
        AssertBroken();
        File.Delete(IdFile);
        Directory.CreateDirectory(IdFile);
        AssertBroken();
    }

    private void AssertBroken()
    {
        var fault = Assert.Throws<HomeFaultException>(() => Home.At(_folder.FullName).Id).Fault;
        Assert.Equal(("bad_home_id", IdFile), (fault.Code, fault.Path));
        Assert.Contains("remove it", fault.Fix, StringComparison.Ordinal);
    }
}
