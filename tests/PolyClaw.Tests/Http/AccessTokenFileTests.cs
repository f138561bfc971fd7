using PolyClaw.Http;

namespace PolyClaw.Tests.Http;

public sealed class AccessTokenFileTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("polyclaw-token-");

    private string Path => System.IO.Path.Combine(_home.FullName, "token");

    [Fact]
    [Trait("Threat", "T02")]
    public void Makes_256_random_bits_that_only_the_user_may_read_and_finds_them_again()
    {
        var token = AccessTokenFile.ReadOrCreate(Path);

        Assert.Equal(43, token.Length);
        Assert.Equal(token, AccessTokenFile.ReadOrCreate(Path));
        Assert.Single(_home.GetFiles());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public async Task Gives_all_that_start_at_once_the_same_token()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => AccessTokenFile.ReadOrCreate(Path))));

        Assert.Single(tokens.Distinct());
        Assert.Single(_home.GetFiles());
    }

    [Fact]
    [Trait("Threat", "T02")]
    public void Refuses_a_file_that_others_may_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix file modes.");
        AccessTokenFile.ReadOrCreate(Path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<AccessTokenException>(() => AccessTokenFile.ReadOrCreate(Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("not a token but long enough to be one, it would seem")]
    public void Refuses_a_file_that_holds_no_token(string content)
    {
        File.WriteAllText(Path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Contains(Path, Assert.Throws<AccessTokenException>(() => AccessTokenFile.ReadOrCreate(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_link_and_a_missing_folder()
    {
        var other = System.IO.Path.Combine(_home.FullName, "other");
        AccessTokenFile.ReadOrCreate(other);
        File.CreateSymbolicLink(Path, other);

        Assert.Throws<AccessTokenException>(() => AccessTokenFile.ReadOrCreate(Path));
        Assert.Throws<AccessTokenException>(() => AccessTokenFile.ReadOrCreate(System.IO.Path.Combine(_home.FullName, "none", "token")));
    }

    public void Dispose() => _home.Delete(recursive: true);
}
