using PolyClaw.Samples.Service.Load;

namespace SampleService.Tests.Load;

public class LoadSettingsTests
{
    [Fact]
    public void Flags_say_what_is_sent()
    {
        var settings = LoadSettings.Parse(["http://127.0.0.1:1/orders", "--rate", "200", "--seconds", "3", "--workers", "8", "--allow-failures", "--slow-every", "7"]);

        Assert.Equal(new LoadSettings(new Uri("http://127.0.0.1:1/orders"), 200, 3, SlowEvery: 7, Workers: 8, AllowFailures: true), settings);
        Assert.Equal(600, settings.Total);
    }

    [Theory]
    [InlineData("load needs the address")]
    [InlineData("load needs the address", "orders")]
    [InlineData("load needs the address", "ftp://127.0.0.1/")]
    [InlineData("--rate takes a whole number from 1 to 20000, not '0'", "http://h/", "--rate", "0")]
    [InlineData("--rate takes a whole number from 1 to 20000, not ''", "http://h/", "--rate")]
    [InlineData("--workers takes a whole number from 1 to 4096, not '1e9'", "http://h/", "--workers", "1e9")]
    [InlineData("load has no flag --rates", "http://h/", "--rates", "5")]
    public void A_wrong_argument_is_named_with_what_would_be_right(string words, params string[] arguments) =>
        Assert.StartsWith(words, Assert.Throws<ArgumentException>(() => LoadSettings.Parse(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void Requests_are_due_at_even_distances_from_the_first()
    {
        var settings = new LoadSettings(new Uri("http://h/"), Rate: 50);

        Assert.Equal(TimeSpan.Zero, settings.DueOf(1));
        Assert.Equal(TimeSpan.FromMilliseconds(20), settings.DueOf(2));
        Assert.Equal(TimeSpan.FromSeconds(2), settings.DueOf(101));
    }

    [Fact]
    public void Every_so_manyth_request_is_of_its_kind_and_the_rarest_wins()
    {
        var settings = new LoadSettings(new Uri("http://h/"), BodyEvery: 2, SlowEvery: 3, StreamEvery: 6);

        RequestKind[] kinds = [.. Enumerable.Range(1, 6).Select(number => settings.KindOf(number))];

        Assert.Equal([RequestKind.Quick, RequestKind.Body, RequestKind.Slow, RequestKind.Body, RequestKind.Quick, RequestKind.Stream], kinds);
    }

    [Fact]
    public void Without_flags_every_request_is_quick_and_has_no_session()
    {
        var settings = new LoadSettings(new Uri("http://h/"));

        Assert.All(Enumerable.Range(1, 1000), number =>
        {
            Assert.Equal(RequestKind.Quick, settings.KindOf(number));
            Assert.Null(settings.SessionOf(number));
        });
    }

    [Fact]
    public void Sessions_are_a_few_that_come_again()
    {
        var settings = new LoadSettings(new Uri("http://h/"), SessionEvery: 3);

        var sessions = Enumerable.Range(1, 300).Select(number => settings.SessionOf(number)).OfType<string>().ToList();

        Assert.Equal(100, sessions.Count);
        Assert.Equal(16, sessions.Distinct().Count());
    }
}
