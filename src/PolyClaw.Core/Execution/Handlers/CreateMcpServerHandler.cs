using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Makes a child MCP server.</summary>
internal sealed class CreateMcpServerHandler(IChildServers servers) : IActionHandler
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public string ActionName => ActionNames.CreateMcpServer;

    public string Summary => "Makes a child MCP server from tool code, an image or an address, or reserves a host for services. Its tools can be called by later steps.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Adoptable;

    public TimeSpan TimeLimit(PlanAction action) => Limit;

    public PlanAction? Undo(PlanAction action, string key) => new PlanAction.DecommissionMcpServer(((PlanAction.CreateMcpServer)action).Spec.Name);

    public async Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var notes = permit.Action is PlanAction.CreateMcpServer { Spec: var spec } ? HostCapacity.Notes(spec) : [];
        switch (await servers.CreateAsync(permit, context, cancellationToken))
        {
            case ServerOutcome.Done done:
                var server = done.Server;
                return new StepOutcome.Succeeded(
                    $"{server.Name} {(done.Adopted ? "was there already" : "is ready")}: {server.Tools.Count} tools, isolation {Wire.Name(server.Isolation)}, {server.StartedMs:0} ms{string.Concat(notes.Select(note => "; " + note))}",
                    JsonSerializer.SerializeToElement(
                        new CreatedServer(server.Name, server.Kind, [.. server.Tools.Select(t => t.Name)], Wire.Name(server.Isolation), Math.Round(server.StartedMs, 1), server.Location, notes.Count > 0 ? notes : null),
                        HandlerJson.Default.CreatedServer),
                    Resources: ["server/" + server.Name]);
            case ServerOutcome.Failed failed:
                return new StepOutcome.Failed(failed.Error, failed.Transient);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}

/// <summary>What a created server offers to later steps.</summary>
internal sealed record CreatedServer(string Name, string Kind, IReadOnlyList<string> Tools, string Isolation, double StartedMs, string? Location = null, IReadOnlyList<string>? Notes = null);
