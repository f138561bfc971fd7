using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tools;

namespace PolyClaw.Tests.Mcp.Tools;

/// <summary>One child server, <c>a</c> with the tool <c>t</c>, that answers whatever a test wants.</summary>
internal sealed class AnsweringServers : IChildServers
{
    public string Answer { get; set; } = """{"content":[]}""";

    public IReadOnlyList<string> Progress { get; set; } = [];

    public RuntimeInfo Runtime { get; } = new("fake", Isolation.Container, "for tests");

    public event Action<ServerInfo>? Changed
    {
        add { }
        remove { }
    }

    public Task<ToolOutcome> CallAsync(Permit permit, IProgress<string> progress, CancellationToken cancellationToken)
    {
        permit.Use<PlanAction.CallTool>();
        foreach (var text in Progress)
            progress.Report(text);
        return Task.FromResult<ToolOutcome>(new ToolOutcome.Answered(JsonElement.Parse(Answer), IsError: false));
    }

    public Task<ServerOutcome> CreateAsync(Permit permit, StepContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ServerOutcome> RemoveAsync(Permit permit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RestoreAsync(IReadOnlyList<RestoredServer> grants, CancellationToken cancellationToken) => Task.CompletedTask;

    public IReadOnlyList<ServerInfo> List(string tenant) => [Info(tenant)];

    public ServerInfo? Find(string tenant, string name) => name == "a" ? Info(tenant) : null;

    private static ServerInfo Info(string tenant) => new(
        tenant, "a", "image", ServerState.Ready, [new ToolInfo("t", "A tool.", JsonElement.Parse("""{"type":"object"}"""))], Isolation.Container, ResourceAmounts.None, 1, []);
}
