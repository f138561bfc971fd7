#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own token.
using System.Text.Json;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

public sealed class EvilChildTests
{
    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B70")]
    public async Task A_flood_without_a_line_end_ends_the_connection()
    {
        await using var house = new House(OnCall(async (child, _) =>
        {
            var block = new byte[256 * 1024];
            Array.Fill(block, (byte)'x');
            for (var i = 0; i < 17; i++)
                await child.SayBytesAsync(block);
        }));
        await house.CreatedAsync();
        Assert.Equal("child_line_too_long", Assert.IsType<ToolOutcome.Lost>(await house.CallAsync()).Error.Code);
        Assert.Equal("child_line_too_long", (await house.ReachesAsync(ServerState.Unhealthy)).Error!.Code);
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B71")]
    public async Task A_listing_without_end_stops_at_fifty_pages()
    {
        var page = 0;
        await using var house = new House((child, method, request) => On(method == "tools/list", () => child.AnswerAsync(
            request, $$$"""{"tools":[{"name":"t{{{Interlocked.Increment(ref page)}}}","inputSchema":{"type":"object"}}],"nextCursor":"c{{{page}}}"}""")));
        var info = await house.CreatedAsync();
        Assert.Equal(50, info.Tools.Count);
        Assert.Contains(info.Warnings, w => w.Contains("50 pages", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B71")]
    public async Task A_listing_that_turns_in_a_circle_stops()
    {
        var pages = 0;
        await using var house = new House((child, method, request) => On(method == "tools/list", () =>
        {
            pages++;
            return child.AnswerAsync(request, """{"tools":[{"name":"t","inputSchema":{"type":"object"}}],"nextCursor":"again"}""");
        }));
        var info = await house.CreatedAsync();
        Assert.Equal(2, pages);
        Assert.Contains(info.Warnings, w => w.Contains("repeats", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B75")]
    public async Task The_first_answer_to_a_call_counts_and_the_rest_is_dropped()
    {
        await using var house = new House(OnCall(async (child, request) =>
        {
            await child.SayAsync("""{"jsonrpc":"2.0","id":424242,"result":{"content":[]}}""");
            await child.AnswerAsync(request, FakeChild.TextResult("first"));
            await child.AnswerAsync(request, FakeChild.TextResult("second"));
        }));
        await house.CreatedAsync();
        for (var i = 0; i < 20; i++)
        {
            var answered = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
            Assert.Equal(FakeChild.TextResult("first"), answered.Result.GetRawText());
        }
    }

    [Theory(Timeout = 30_000)]
    [Trait("BadInput", "B76")]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task A_deep_result_fails_its_call_at_once_and_nothing_else(int depth)
    {
        await using var house = new House(OnCall((child, request) => child.AnswerAsync(
            request, $$"""{"structuredContent":{{new string('[', depth)}}{{new string(']', depth)}},"content":[]}""")));
        await house.CreatedAsync();
        var lost = Assert.IsType<ToolOutcome.Lost>(await house.CallAsync());
        Assert.Contains("64 levels", lost.Error.Message, StringComparison.Ordinal);
        Assert.Equal(ServerState.Ready, house.Servers.Find(Permits.Tenant, "child")!.State);
    }

    [Theory(Timeout = 30_000)]
    [Trait("BadInput", "B77")]
    [InlineData("server/discover")]
    [InlineData("tools/list")]
    public async Task A_server_that_hangs_while_it_starts_is_given_up_after_ten_seconds(string silent)
    {
        var asked = new TaskCompletionSource();
        await using var house = new House((_, method, _) => On(method == silent, () =>
        {
            asked.TrySetResult();
            return Task.CompletedTask;
        }));
        var creating = house.CreateAsync();
        await asked.Task;
        house.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("child_timed_out", Assert.IsType<ServerOutcome.Failed>(await creating).Error.Code);
        Assert.True(house.Child.Exited.IsCompleted);
        Assert.Empty(house.Servers.List(Permits.Tenant));
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B77")]
    public async Task A_hanging_call_is_cancelled_and_a_server_that_answers_nothing_more_is_ended()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var pinged = new TaskCompletionSource();
        await using var house = new House((_, method, _) =>
        {
            var mine = method switch
            {
                "tools/call" => called,
                "notifications/cancelled" => cancelled,
                "ping" => pinged,
                _ => null,
            };
            mine?.TrySetResult();
            return Task.FromResult(mine is not null);
        });
        await house.CreatedAsync();
        var call = house.CallAsync();
        await called.Task;
        house.Clock.Advance(TimeSpan.FromSeconds(61));
        var lost = Assert.IsType<ToolOutcome.Lost>(await call);
        Assert.True(lost.TimedOut);
        await cancelled.Task;
        await pinged.Task;
        house.Clock.Advance(TimeSpan.FromSeconds(6));
        await house.ReachesAsync(ServerState.Unhealthy);
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B78")]
    public async Task A_server_that_dies_in_a_call_loses_it_and_is_there_for_the_next()
    {
        var calls = 0;
        await using var house = new House((child, method, _) => On(method == "tools/call" && Interlocked.Increment(ref calls) == 1, () =>
        {
            child.ErrorTail = "segmentation \e[31mfault";
            child.Die(139);
            return Task.CompletedTask;
        }));
        await house.CreatedAsync();
        var lost = Assert.IsType<ToolOutcome.Lost>(await house.CallAsync());
        Assert.Contains("exit code 139; its last words: segmentation fault", lost.Error.Message, StringComparison.Ordinal);
        await house.ReachesAsync(ServerState.Unhealthy);
        await house.ReachesAsync(ServerState.Ready);
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B78")]
    public async Task A_server_that_dies_again_and_again_is_started_five_times_and_then_left()
    {
        var starts = 0;
        await using var house = new House(make: _ =>
        {
            var number = Interlocked.Increment(ref starts);
            return new FakeChild((child, method, _) => On(number > 1 && method == "initialize" || number == 1 && method == "tools/call", () =>
            {
                child.Die();
                return Task.CompletedTask;
            }));
        });
        await house.CreatedAsync();
        Assert.IsType<ToolOutcome.Lost>(await house.CallAsync());
        foreach (var pause in (int[])[1, 2, 4, 8])
            await house.Clock.PassAsync(TimeSpan.FromSeconds(pause));
        for (var failure = 1; failure <= 6; failure++)
            await house.ReachesAsync(ServerState.Unhealthy);
        house.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(6, starts);
        Assert.Equal(ServerState.Unhealthy, house.Servers.Find(Permits.Tenant, "child")!.State);
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B80")]
    public async Task Three_lines_of_noise_end_the_connection_and_two_do_not()
    {
        await using var house = new House(OnCall(async (child, request) =>
        {
            await child.SayAsync("Server listening on stdio");
            if (child.Received.Count(line => line.Contains("tools/call", StringComparison.Ordinal)) > 2)
                await child.SayAsync("[]");
            await child.AnswerAsync(request, FakeChild.TextResult("done"));
        }));
        await house.CreatedAsync();
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
        var lost = Assert.IsType<ToolOutcome.Lost>(await house.CallAsync());
        Assert.Equal("child_noise", lost.Error.Code);
        await house.ReachesAsync(ServerState.Unhealthy);
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B73")]
    public async Task A_storm_of_progress_ends_the_connection_after_five_seconds()
    {
        await using var house = new House(OnCall((_, _) => Task.CompletedTask));
        await house.CreatedAsync();
        var call = house.CallAsync();
        for (var second = 0; second < 8 && !call.IsCompleted; second++)
        {
            for (var i = 0; i < 1_100; i++)
                await house.Child.SayAsync("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"x","progress":1}}""");
            // A request of the child's own is answered only after what came before it was read.
            await Asked.AndAnsweredAsync(house.Child, second);
            house.Clock.Advance(TimeSpan.FromSeconds(1.1));
        }

        Assert.Equal("child_message_storm", Assert.IsType<ToolOutcome.Lost>(await call).Error.Code);
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B74")]
    public async Task Progress_that_goes_back_or_belongs_to_nothing_is_dropped()
    {
        var heard = new Heard();
        await using var house = new House(OnCall(async (child, request) =>
        {
            var token = request.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText();
            await child.SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":5,"message":"five"}}""");
            await child.SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":4,"message":"back"}}""");
            await child.SayAsync("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":77,"progress":9,"message":"whose"}}""");
            await child.SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":6,"message":"six"}}""");
            await child.AnswerAsync(request, FakeChild.TextResult("done"));
        }));
        await house.CreatedAsync();
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync(progress: heard));
        Assert.Equal(["five", "six"], heard.Messages);
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B88")]
    public async Task A_request_of_the_childs_is_told_that_there_is_no_such_method()
    {
        await using var house = new House();
        await house.CreatedAsync();
        await house.Child.SayAsync("""{"jsonrpc":"2.0","id":"s1","method":"sampling/createMessage","params":{}}""");
        var reply = await Asked.AnswerToAsync(house.Child, "\"s1\"");
        Assert.Equal(-32601, reply.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B85")]
    public async Task A_large_picture_is_left_out_of_the_result_and_said_so()
    {
        var data = Convert.ToBase64String(new byte[1024 * 1024 + 3]);
        await using var house = new House(OnCall((child, request) => child.AnswerAsync(
            request, $$"""{"content":[{"type":"image","mimeType":"image/png","data":"{{data}}"},{"type":"text","text":"kept"}]}""")));
        await house.CreatedAsync();
        var content = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync()).Result.GetProperty("content");
        Assert.Contains("left out", content[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("kept", content[1].GetProperty("text").GetString());
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B21")]
    public async Task Half_a_surrogate_pair_in_a_result_fails_its_call()
    {
        await using var house = new House(OnCall((child, request) => child.AnswerAsync(request, """{"content":[{"type":"text","text":"\ud800"}]}""")));
        await house.CreatedAsync();
        Assert.Equal("child_answer_unusable", Assert.IsType<ToolOutcome.Lost>(await house.CallAsync()).Error.Code);
    }

    [Theory(Timeout = 30_000)]
    [Trait("BadInput", "B21")]
    [InlineData("""{"\ud800":1,"jsonrpc":"2.0","id":ID,"result":{"content":[]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"\ud800":[[1]],"result":{"content":[]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":{"content":[],"\udc00":1}}""")]
    public async Task Half_a_surrogate_pair_in_a_name_fails_its_call_and_nothing_else(string line)
    {
        var calls = 0;
        await using var house = new House(OnCall((child, request) => Interlocked.Increment(ref calls) == 1
            ? child.SayAsync(line.Replace("ID", request.GetProperty("id").GetRawText(), StringComparison.Ordinal))
            : child.AnswerAsync(request, FakeChild.TextResult("done"))));
        await house.CreatedAsync();
        Assert.Equal("child_answer_unusable", Assert.IsType<ToolOutcome.Lost>(await house.CallAsync()).Error.Code);
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B21")]
    public async Task Half_a_surrogate_pair_for_the_protocols_version_is_noise()
    {
        await using var house = new House(OnCall(async (child, _) =>
        {
            for (var i = 0; i < 3; i++)
                await child.SayAsync("""{"jsonrpc":"\ud800","id":1,"result":{}}""");
        }));
        await house.CreatedAsync();
        Assert.Equal("child_noise", Assert.IsType<ToolOutcome.Lost>(await house.CallAsync()).Error.Code);
    }

    private static Func<FakeChild, string, JsonElement, Task<bool>> OnCall(Func<FakeChild, JsonElement, Task> act) =>
        (child, method, request) => On(method == "tools/call", () => act(child, request));

    private static async Task<bool> On(bool applies, Func<Task> act)
    {
        if (applies)
            await act();
        return applies;
    }
}
