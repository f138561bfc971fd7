using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Containers.Children.Wire;

namespace PolyClaw.Containers.Tests.Children.Wire;

public sealed class ProgressRelayTests
{
    [Fact]
    [Trait("BadInput", "B73")]
    public void Passes_on_ten_messages_a_second_and_always_the_last()
    {
        var clock = new FakeTimeProvider();
        var heard = new Heard();
        using (var relay = new ProgressRelay(heard, clock))
        {
            for (var i = 1; i <= 300_000; i++)
            {
                Assert.True(relay.Take(JsonElement.Parse($$"""{"progress":{{i}}}""")));
                if (i % 100_000 == 0)
                    clock.Advance(TimeSpan.FromMilliseconds(100));
            }

            Assert.Equal(["1", "100000", "200000", "300000"], heard.Messages);
            relay.Take(JsonElement.Parse("""{"progress":300001,"message":"last"}"""));
        }

        Assert.Equal("last", heard.Messages.Last());
    }
}
