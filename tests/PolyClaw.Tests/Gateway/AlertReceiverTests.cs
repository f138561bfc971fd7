using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PolyClaw.Gateway;
using PolyClaw.Instances;
using PolyClaw.Tests.Models;

namespace PolyClaw.Tests.Gateway;

[Trait("Promise", "P53")]
public sealed class AlertReceiverTests : IAsyncLifetime
{
    private readonly AlertOptions _options = new() { Goals = { ["Slow"] = "ask \"more replicas?\"" } };
    private ModelDouble _model = null!;
    private GoalHost _host = null!;
    private AlertReceiver _receiver = null!;
    private string _token = "";

    [Fact]
    public async Task An_alert_that_fires_sets_off_the_goal_of_the_settings_once_while_its_run_goes_on()
    {
        var (status, body) = await PostAsync(Firing("Slow"), "Bearer " + _token);
        Assert.Equal(200, status);
        var run = Assert.Single(_host.Runs.List("local", null, 10));
        Assert.Equal($$"""{"runs":["{{run.RunId}}"],"ignored":[]}""", body);
        Assert.Equal("ask \"more replicas?\"", run.Goal);
        Assert.Equal((200, body), await PostAsync(Firing("Slow"), "Bearer " + _token));
        Assert.Single(_host.Runs.List("local", null, 10));
    }

    [Fact]
    public async Task What_is_resolved_or_unknown_sets_off_nothing()
    {
        Assert.Equal((200, """{"runs":[],"ignored":["Other"]}"""), await PostAsync(Firing("Other"), "Bearer " + _token));
        Assert.Equal((200, """{"runs":[],"ignored":[]}"""), await PostAsync(Firing("Slow").Replace("\"firing\"", "\"resolved\"", StringComparison.Ordinal), "Bearer " + _token));
        Assert.Empty(_host.Runs.List("local", null, 10));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic c2xvdw==")]
    [Trait("Threat", "alerts")]
    public async Task Nobody_sets_off_anything_without_the_token(string? authorization)
    {
        Assert.Equal(401, (await PostAsync(Firing("Slow"), authorization)).Status);
        Assert.Empty(_host.Runs.List("local", null, 10));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"alerts":{}}""")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":7}}]}""")]
    [Trait("BadInput", "alerts")]
    public async Task What_is_no_message_of_Alertmanagers_is_refused(string body) =>
        Assert.Equal(400, (await PostAsync(body, "Bearer " + _token)).Status);

    [Fact]
    [Trait("BadInput", "alerts")]
    public async Task Too_much_is_refused()
    {
        Assert.Equal(400, (await PostAsync(new string(' ', 2 << 20), "Bearer " + _token)).Status);
        var many = string.Join(",", Enumerable.Repeat("""{"status":"firing","labels":{"alertname":"Slow"}}""", 101));
        Assert.Equal(400, (await PostAsync($$"""{"alerts":[{{many}}]}""", "Bearer " + _token)).Status);
    }

    public async ValueTask InitializeAsync()
    {
        _model = await ModelDouble.StartAsync("never asked");
        _host = new GoalHost(_model);
        var home = Home.At(_host.Folder);
        _receiver = new AlertReceiver(_host.Runs, home, Options.Create(_options), NullLogger<AlertReceiver>.Instance);
        _receiver.Prepare();
        _token = (await File.ReadAllTextAsync(home.Token, TestContext.Current.CancellationToken)).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        _receiver.Dispose();
        await _host.DisposeAsync();
        await _model.DisposeAsync();
    }

    private static string Firing(string name) =>
        $$"""{"version":"4","status":"firing","receiver":"polyclaw","alerts":[{"status":"firing","labels":{"alertname":"{{name}}","service":"order-processor"},"fingerprint":"1"}]}""";

    private async Task<(int Status, string Body)> PostAsync(string body, string? authorization)
    {
        var answer = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Method = "POST", Path = AlertReceiver.Path, Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) }, Response = { Body = answer } };
        if (authorization is not null)
            context.Request.Headers.Authorization = authorization;
        Assert.True(await _receiver.AnswerAsync(context));
        return (context.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()));
    }
}
