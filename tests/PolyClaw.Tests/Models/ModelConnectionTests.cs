using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Models;
using PolyClaw.Models;

namespace PolyClaw.Tests.Models;

/// <summary>What a model's server and the wire may do, over the real client library.</summary>
[Trait("Promise", "P10")]
public sealed class ModelConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<Fault> UnavailableAsync(ModelDouble model, TimeProvider clock, int? calls)
    {
        var refused = Assert.IsType<PlannerAnswer.Refused>(await PlanTexts.AskAsync(model, clock));
        var fault = Assert.Single(refused.Faults);
        Assert.Equal("model_unavailable", fault.Code);
        Assert.NotNull(fault.Fix);
        Assert.DoesNotContain(ModelDouble.Key, fault.ToString(), StringComparison.Ordinal);
        if (calls is not null)
            Assert.Equal(calls, model.Requests.Count);
        return fault;
    }

    [Fact]
    public async Task Both_ways_of_asking_are_answered()
    {
        await using var model = await ModelDouble.StartAsync(PlanTexts.Good);
        using var client = ModelConnection.Open(model.Options, TimeProvider.System);
        Assert.Equal(PlanTexts.Good, (await client.GetResponseAsync("hello", cancellationToken: Token)).Text);
        Assert.Equal(PlanTexts.Good, (await client.GetStreamingResponseAsync("hello", cancellationToken: Token).ToChatResponseAsync(Token)).Text);
        Assert.Equal([false, true], model.Requests.Select(r => r.Json.TryGetProperty("stream", out var stream) && stream.GetBoolean()));
    }

    [Theory]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    public async Task A_busy_server_is_asked_again_when_it_says(string header, string value, double seconds)
    {
        var clock = new HastyClock();
        await using var model = await ModelDouble.StartAsync(
            ModelSays.Status(HttpStatusCode.TooManyRequests, "slow down", (header, value)), ModelSays.Text(PlanTexts.Good));
        Assert.IsType<PlannerAnswer.Made>(await PlanTexts.AskAsync(model, clock));
        Assert.Equal(2, model.Requests.Count);
        Assert.Equal([TimeSpan.FromSeconds(seconds)], clock.Waits);
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_is_not_waited_for()
    {
        var clock = new HastyClock();
        await using var model = await ModelDouble.StartAsync(ModelSays.Status(HttpStatusCode.TooManyRequests, "quota", ("Retry-After", "3600")));
        var fault = await UnavailableAsync(model, clock, calls: 1);
        Assert.Contains("HTTP 429", fault.Message, StringComparison.Ordinal);
        Assert.Contains("try again in 3600 s", fault.Fix, StringComparison.Ordinal);
        Assert.Empty(clock.Waits);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("NaN")]
    [InlineData("soon")]
    [InlineData("Mon, 01 Jan 2001 00:00:00 GMT")]
    public async Task A_senseless_Retry_After_does_no_harm(string value)
    {
        var clock = new HastyClock();
        await using var model = await ModelDouble.StartAsync(
            ModelSays.Status(HttpStatusCode.ServiceUnavailable, "down", ("Retry-After", value)), ModelSays.Text(PlanTexts.Good));
        Assert.IsType<PlannerAnswer.Made>(await PlanTexts.AskAsync(model, clock));
        Assert.All(clock.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task A_failing_server_is_asked_three_times_more_with_growing_waits()
    {
        var clock = new HastyClock();
        await using var model = await ModelDouble.StartAsync(ModelSays.Status(HttpStatusCode.InternalServerError, "internal"));
        var fault = await UnavailableAsync(model, clock, calls: 4);
        Assert.Contains("HTTP 500", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, clock.Waits.Count);
        Assert.True(clock.Waits[0] < clock.Waits[1] && clock.Waits[1] < clock.Waits[2]);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "refused the key", "POLYCLAW_TEST_KEY_")]
    [InlineData(HttpStatusCode.Forbidden, "refused the key", "POLYCLAW_TEST_KEY_")]
    [InlineData(HttpStatusCode.NotFound, "does not know the model 'double'", "Model:Name")]
    [InlineData(HttpStatusCode.BadRequest, "refused the request (HTTP 400)", "Model:Name")]
    [InlineData(HttpStatusCode.Redirect, "redirects elsewhere", "Model:Endpoint")]
    [Trait("Threat", "T08")]
    public async Task What_cannot_pass_is_not_tried_again_and_says_what_to_do(HttpStatusCode code, string message, string fix)
    {
        await using var elsewhere = await ModelDouble.StartAsync(PlanTexts.Good);
        // It repeats the key, as some servers do.
        await using var model = await ModelDouble.StartAsync(ModelSays.Status(code, $"Incorrect API key provided: {ModelDouble.Key}", ("Location", elsewhere.Endpoint)));
        var fault = await UnavailableAsync(model, new HastyClock(), calls: 1);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains(fix, fault.Fix, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_server_that_is_not_there_says_to_check_the_endpoint()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var options = new ModelOptions { Endpoint = $"http://127.0.0.1:{port}/v1", KeyVariable = "POLYCLAW_TEST_NO_KEY" };
        using var client = ModelConnection.Open(options, new HastyClock());
        var thrown = await Assert.ThrowsAsync<ModelFaultException>(() => client.GetResponseAsync("hello", cancellationToken: Token));
        Assert.Equal("model_unavailable", thrown.Fault.Code);
        Assert.Contains($"127.0.0.1:{port}", thrown.Fault.Message, StringComparison.Ordinal);
        Assert.Contains("Model:Endpoint", thrown.Fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B62")]
    public async Task A_stream_that_breaks_is_a_fault()
    {
        await using var model = await ModelDouble.StartAsync(ModelSays.Broken(PlanTexts.Good[..50]));
        Assert.Contains("connection", (await UnavailableAsync(model, new HastyClock(), calls: null)).Message, StringComparison.Ordinal);
        Assert.InRange(model.Requests.Count, 1, 4); // when the break overtakes the first bytes, it is asked again
    }

    [Theory]
    [InlineData("text/event-stream", "data: {not json}\n\n")]
    [InlineData("text/event-stream", "data: []\n\n")]
    [InlineData("text/event-stream", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":5}}]}\n\n")]
    [InlineData("text/event-stream", "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"emperor\"},\"finish_reason\":\"boredom\"}]}\n\n")]
    [InlineData("text/html", "<html>welcome</html>")]
    [InlineData("application/json", "{\"choices\":[]}")]
    public async Task A_server_that_speaks_another_language_is_a_fault_and_not_a_crash(string contentType, string body)
    {
        await using var model = await ModelDouble.StartAsync(ModelSays.Body(contentType, body));
        var refused = Assert.IsType<PlannerAnswer.Refused>(await PlanTexts.AskAsync(model, new HastyClock()));
        Assert.Contains(refused.Faults[0].Code, (string[])["model_unavailable", "planner_invalid_output"]);
        Assert.InRange(model.Requests.Count, 1, 4);
    }

    [Fact]
    [Trait("BadInput", "B55")]
    public async Task A_line_without_an_end_is_not_gathered_in_memory()
    {
        await using var model = await ModelDouble.StartAsync(ModelSays.EndlessLine());
        Assert.Contains("32 MiB", (await UnavailableAsync(model, new HastyClock(), calls: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_falls_silent_is_left_at_the_deadline()
    {
        var clock = new FakeTimeProvider();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var model = await ModelDouble.StartAsync(ModelSays.Silence(began));
        var asking = UnavailableAsync(model, clock, calls: 1);
        await began.Task.WaitAsync(Token);
        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        var fault = await asking;
        Assert.Contains("within 120 s", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Model:TimeoutSeconds", fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_cancels_gets_a_cancellation_and_no_fault()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var model = await ModelDouble.StartAsync(ModelSays.Silence(began));
        var asking = PlanTexts.AskAsync(model, new FakeTimeProvider(), cancellationToken: cancel.Token);
        await began.Task.WaitAsync(Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    [Trait("Threat", "T08")]
    [Trait("BadInput", "B60")]
    public async Task The_key_travels_as_the_Authorization_header_and_nowhere_else()
    {
        await using var model = await ModelDouble.StartAsync("no plan", PlanTexts.Good);
        Assert.IsType<PlannerAnswer.Made>(await PlanTexts.AskAsync(model));
        Assert.Equal(2, model.Requests.Count);
        foreach (var asked in model.Requests)
        {
            Assert.Equal("Authorization: Bearer " + ModelDouble.Key, Assert.Single(asked.Headers, h => h.Contains(ModelDouble.Key, StringComparison.Ordinal)));
            Assert.DoesNotContain(ModelDouble.Key, asked.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(ModelDouble.Key, asked.Query, StringComparison.Ordinal);
        }
    }
}
