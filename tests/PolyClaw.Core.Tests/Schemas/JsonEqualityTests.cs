using System.Text.Json;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Core.Tests.Schemas;

public sealed class JsonEqualityTests
{
    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("100", "1e2", true)]
    [InlineData("-0", "0", true)]
    [InlineData("0.1", "0.10000000000000000000000000000001", false)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("1", "true", false)]
    [InlineData("\"a\"", "\"\\u0061\"", true)]
    [InlineData("""{"a":1,"b":[1,{}]}""", """{"b":[1.0,{}],"a":1}""", true)]
    [InlineData("""{"a":1}""", """{"a":1,"b":1}""", false)]
    [InlineData("""{"a":1,"a":1}""", """{"a":1,"b":1}""", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("[]", "{}", false)]
    [InlineData("null", "false", false)]
    public void Compares_by_value(string a, string b, bool equal)
    {
        var (x, y) = (JsonElement.Parse(a, new JsonDocumentOptions { AllowDuplicateProperties = true }), JsonElement.Parse(b));
        long work = 1000;

        Assert.Equal(equal, JsonEquality.DeepEquals(x, y));
        Assert.Equal(equal, JsonEquality.DeepEquals(y, x));
        if (equal)
            Assert.Equal(JsonEquality.Hash(x, ref work), JsonEquality.Hash(y, ref work));
    }

    [Fact]
    public void Stops_when_the_work_allowed_is_done()
    {
        var value = JsonElement.Parse("[" + string.Join(',', Enumerable.Range(0, 100)) + "]");
        long work = 50;

        Assert.False(JsonEquality.DeepEquals(value, value, ref work));
        Assert.True(work < 0);
    }
}
