using System.Buffers;
using System.Text;
using CsCheck;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Tests.Mcp.Wire;

public sealed class StrictJsonRpcTests
{
    private static RpcVerdict Check(string message) => StrictJsonRpc.Check(Encoding.UTF8.GetBytes(message));

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", "Request")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"x","arguments":{"a":[1,2,{"a":1}],"b":{"a":1}}}}""", "Request")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""", "Notification")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", "Response")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}""", "Response")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":"t"},"free":"emoji 👩‍👧 \ud83d\ude00"}}""", "Request")]
    [InlineData("  {\"jsonrpc\":\"2.0\",\"id\":9007199254740991,\"method\":\"ping\"} \r", "Request")]
    public void Lets_a_sound_message_pass_and_says_what_it_is(string message, string kind)
    {
        var verdict = Check(message);

        Assert.Null(verdict.Fault);
        Assert.Equal(kind, verdict.Kind.ToString());
    }

    [Theory]
    [Trait("BadInput", "B01")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{\"jsonrpc\":\"2.0\",")]
    [InlineData("garbage")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"} {}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"p\x"}""")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"p\u0000ing\"}")]
    [Trait("BadInput", "B28")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping",}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"/*x*/}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":[1,]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":NaN,"method":"ping"}""")]
    public void Refuses_what_is_no_json_as_a_parse_error_without_id(string message)
    {
        var verdict = Check(message);

        Assert.Equal(RpcCodes.ParseError, verdict.Fault?.Code);
        Assert.False(verdict.Id.IsPresent);
    }

    [Theory]
    [Trait("BadInput", "B02")]
    [InlineData("[]")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""")]
    [InlineData("3")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"jsonrpc":"2.0"}""")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""")]
    [InlineData("""{"id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"error":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""")]
    public void Refuses_what_is_no_single_message(string message) =>
        Assert.Equal(RpcCodes.InvalidRequest, Check(message).Fault?.Code);

    [Theory]
    [Trait("BadInput", "B03")]
    [InlineData("null")]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e400")]
    [InlineData("1e2")]
    [InlineData("-0")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("true")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("-9223372036854775808")]
    [InlineData("99999999999999999999")]
    [InlineData("\"\"")]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("\"a\\u202eb\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"\\ud800\"")]
    public void Refuses_an_id_that_not_every_reader_keeps(string id)
    {
        var verdict = Check($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");

        Assert.Equal(RpcCodes.InvalidRequest, verdict.Fault?.Code);
        Assert.False(verdict.Id.IsPresent);
        Assert.Equal("/id", verdict.Fault?.Path);
    }

    [Fact]
    [Trait("BadInput", "B04")]
    public void Takes_an_id_of_128_characters_and_refuses_one_more()
    {
        Assert.True(Check($$"""{"jsonrpc":"2.0","id":"{{new string('é', 128)}}","method":"ping"}""").IsGood);
        Assert.False(Check($$"""{"jsonrpc":"2.0","id":"{{new string('a', 129)}}","method":"ping"}""").IsGood);
        Assert.False(Check($$"""{"jsonrpc":"2.0","id":"{{new string('a', 1_000_000)}}","method":"ping"}""").IsGood);
    }

    [Theory]
    [Trait("BadInput", "B06")]
    [Trait("Threat", "T04")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}""", "/method")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"boom"}}""", "/params/name")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","n\u0061me":"boom"}}""", "/params/n\\u0061me")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"arguments":{"a":1,"a":2}}}""", "/params/arguments/a")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"arguments":{"a":1,"\u0061":2}}}""", "/params/arguments/\\u0061")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"arguments":{"l":[{},{"deep":{"a/b":1,"a/b":1}}]}}}""", "/params/arguments/l/1/deep/a~1b")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"a":1,"a":1}}}""", "/params/_meta/a")]
    [Trait("BadInput", "B07")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"echo","name":"boom"}}""", "/params/Name")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","NAME":"boom"}}""", "/params/NAME")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"METHOD":"ping"}""", "/METHOD")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","Method":"x"}""", "/Method")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","param\u017f":{}}""", "/param\\u017f")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"other":1,"OTHER":2}}""", "/params/OTHER")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name\u0000":"echo","name":"boom"}}""", "/params/name\\u0000")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"arguments":{"a\u0000":1}}}""", "/params/arguments/a\\u0000")]
    public void Refuses_a_member_that_two_readers_could_read_as_two_things(string message, string path)
    {
        var verdict = Check(message);

        Assert.Equal(RpcCodes.InvalidRequest, verdict.Fault?.Code);
        Assert.Equal(path, verdict.Fault?.Path);
        Assert.Equal(new RpcId(1), verdict.Id);
    }

    [Fact]
    [Trait("BadInput", "B06")]
    public void Names_no_id_when_there_are_two()
    {
        var verdict = Check("""{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""");

        Assert.Equal(RpcCodes.InvalidRequest, verdict.Fault?.Code);
        Assert.False(verdict.Id.IsPresent);
    }

    [Fact]
    public void Lets_the_same_name_stand_in_two_objects_and_in_two_cases_among_arguments() =>
        Assert.Null(Check("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"arguments":{"a":{"a":1},"A":{"a":1},"l":[{"a":1},{"a":1}]}}}""").Fault);

    [Theory]
    [Trait("BadInput", "B08")]
    [InlineData(29, true)]
    [InlineData(30, true)]
    [InlineData(31, false)]
    [InlineData(64, false)]
    [InlineData(10_000, false)]
    public void Refuses_nesting_deeper_than_32(int arrays, bool good)
    {
        // The envelope and the params are two levels.
        var message = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"a\":" + new string('[', arrays) + new string(']', arrays) + "}}";

        var verdict = Check(message);

        Assert.Equal(good, verdict.IsGood);
        if (!good)
            Assert.Equal(RpcCodes.InvalidRequest, verdict.Fault?.Code);
    }

    [Theory]
    [Trait("BadInput", "B21")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"\ud800"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"\udc00\ud800"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"\ud800\u0041"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"\ud800\n"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x","params":{"\uDBFF":1}}""")]
    public void Refuses_half_a_surrogate_pair(string message)
    {
        var verdict = Check(message);

        Assert.Equal(RpcCodes.InvalidRequest, verdict.Fault?.Code);
        Assert.Equal(new RpcId(1), verdict.Id);
    }

    [Theory]
    [Trait("BadInput", "B21")]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF5, 0x80, 0x80, 0x80 })]
    public void Refuses_invalid_utf8_wherever_it_stands(byte[] bad)
    {
        byte[] message = [.. """{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":" """u8, .. bad, .. "\"}}"u8];

        Assert.Equal(RpcCodes.ParseError, StrictJsonRpc.Check(message).Fault?.Code);
    }

    [Theory]
    [Trait("BadInput", "B21")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping\r\nX: y"}""", RpcCodes.InvalidRequest)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo\r\nX: y"}}""", RpcCodes.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ec\u202eho"}}""", RpcCodes.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ec\udb40\udc41ho"}}""", RpcCodes.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"test://\u001b[31m"}}""", RpcCodes.InvalidParams)]
    public void Refuses_hidden_characters_in_what_will_be_looked_up_and_logged(string message, int code) =>
        Assert.Equal(code, Check(message).Fault?.Code);

    [Theory]
    [Trait("BadInput", "B22")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("1.5")]
    public void Refuses_a_progress_token_that_is_neither_text_nor_integer(string token)
    {
        var verdict = Check(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","_meta":{"progressToken":""" + token + "}}}");

        Assert.Equal(RpcCodes.InvalidParams, verdict.Fault?.Code);
        Assert.Equal("/params/_meta/progressToken", verdict.Fault?.Path);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}""")]
    public void Refuses_params_that_name_nothing(string message) =>
        Assert.Equal(RpcCodes.InvalidParams, Check(message).Fault?.Code);

    [Fact]
    public void Reads_the_declared_version_and_the_cancelled_request()
    {
        Assert.Equal("2026-07-28", Check(
            """{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""").Version);
        Assert.Equal(new RpcId("r1"), Check("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"r1"}}""").Cancels);
        Assert.False(Check("""{"jsonrpc":"2.0","method":"notifications/other","params":{"requestId":"r1"}}""").Cancels.IsPresent);
    }

    [Fact]
    [Trait("Threat", "T18")]
    public void Stops_at_65_536_members()
    {
        var members = string.Join(',', Enumerable.Range(0, 70_000).Select(i => $"\"m{i}\":0"));

        var verdict = Check("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"arguments\":{" + members + "}}}");

        Assert.Contains("members", verdict.Fault?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_the_one_duplicate_among_many_names() =>
        Gen.Int[2, 3_000].Select(Gen.Int[0, 1_000_000]).Sample((count, seed) =>
        {
            var names = Enumerable.Range(0, count).Select(i => $"name-{i}").ToList();
            string Message(IEnumerable<string> all) =>
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"a\":{" + string.Join(',', all.Select(n => $"\"{n}\":1")) + "}}}";
            var twice = names.Append(names[seed % count]);
            return Check(Message(names)).IsGood && !Check(Message(twice)).IsGood;
        }, iter: 50);

    [Fact]
    public void Never_throws_and_never_passes_what_the_framework_cannot_parse() =>
        Gen.Char.Array[0, 60].Select(Gen.Int[0, 60], Gen.Int[0, 60]).Sample((noise, cut, at) =>
        {
            const string Sound = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"a":"b"}}}""";
            var message = Encoding.UTF8.GetBytes(Sound[..Math.Min(cut, Sound.Length)] + new string(noise) + Sound[Math.Min(at, Sound.Length)..]);
            if (!StrictJsonRpc.Check(message).IsGood)
                return true;
            using var parsed = System.Text.Json.JsonDocument.Parse(message);
            return parsed.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object;
        }, iter: 5_000);

    [Fact]
    public void Judges_a_message_in_pieces_as_in_one()
    {
        var message = """{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray();
        var first = new Piece(message.AsMemory(0, 10));
        var last = first.Append(message.AsMemory(10));

        var verdict = StrictJsonRpc.Check(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));

        Assert.True(verdict.IsGood);
        Assert.Equal(new RpcId(1), verdict.Id);
    }

    [Fact]
    public void Allocates_nothing_for_a_good_message_with_a_number_for_id()
    {
        var message = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"a":"b","c":[1,2,{"d":true}]}}}"""u8.ToArray();
        for (var i = 0; i < 50; i++)
            StrictJsonRpc.Check(message);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            StrictJsonRpc.Check(message);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
