using PolyClaw.Http;

namespace PolyClaw.Tests.Http;

public sealed class HttpSettingsTests
{
    [Theory]
    [InlineData("https://claw.example", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://[::1]:3000", true)]
    [InlineData("https://claw.example/", false)]
    [InlineData("https://claw.example:443", false)]
    [InlineData("https://Claw.example", false)]
    [InlineData("https://claw.example/app", false)]
    [InlineData("https://user@claw.example", false)]
    [InlineData("claw.example", false)]
    [InlineData("*", false)]
    [InlineData("null", false)]
    [InlineData("ftp://claw.example", false)]
    [InlineData("https://clä.example", false)]
    [InlineData("", false)]
    public void An_origin_is_written_as_browsers_do_and_a_wrong_one_is_told_by_its_key(string origin, bool good)
    {
        var settings = new HttpSettings();
        settings.AllowedOrigins.Add("https://good.example");
        settings.AllowedOrigins.Add(origin);
        var result = new HttpSettingsValidator().Validate(null, settings);
        Assert.Equal(good, result.Succeeded);
        if (!good)
            Assert.Contains($"Http:AllowedOrigins:1 is '{origin}'", result.FailureMessage, StringComparison.Ordinal);
    }
}
