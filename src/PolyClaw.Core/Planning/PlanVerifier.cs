using PolyClaw.Core.Actions;
using PolyClaw.Core.Planning.Drafts;
using PolyClaw.Core.Planning.Verification;

namespace PolyClaw.Core.Planning;

/// <summary>
/// Turns a draft into a <see cref="Plan"/>, or says everything that is wrong with it at once. Nothing of a faulty plan is ever run.
/// </summary>
public sealed class PlanVerifier
{
    private readonly ActionReader _reader;
    private readonly ISchemaCheck _check;

    /// <summary>Makes one for the actions that have handlers.</summary>
    /// <param name="schemas">Those actions.</param>
    public PlanVerifier(ActionSchemas schemas)
        : this(schemas, new SchemaCheck())
    {
    }

    internal PlanVerifier(ActionSchemas schemas, ISchemaCheck check)
    {
        _reader = new ActionReader(schemas, check);
        _check = check;
    }

    internal PlanCheck Verify(PlanDraft draft, PlanningRequest request)
    {
        if (draft.Steps.Count == 0)
            return new PlanCheck.Faulty([new(PlanFault.BadEnd, "the plan has no steps", "/plan", "at least a DONE step")]);
        if (draft.Steps.Count > PlanLimits.Steps)
            return new PlanCheck.Faulty([EnvelopeReader.TooMany(draft.Steps.Count, "/plan")]);

        var faults = new FaultList();
        var nodes = draft.Steps.Select((step, index) => new Node(index, step)).ToList();
        foreach (var node in nodes)
            _reader.Read(node, faults);
        StepRules.Check(nodes, request, faults);
        EndRules.Check(nodes, draft.Continues, faults);
        CheckServers(nodes, request, faults);
        var order = StepOrder.Sort(nodes, faults);
        return faults.Any || order is null
            ? new PlanCheck.Faulty(faults.ToList())
            : new PlanCheck.Sound(new Plan([.. order.Select(node => Step(node, nodes))], draft.Continues));
    }

    private void CheckServers(List<Node> nodes, PlanningRequest request, FaultList faults)
    {
        var servers = new ServerRules(nodes, request, faults);
        servers.Check();
        var tools = new ToolRules(request, _check, faults);
        foreach (var node in nodes)
        {
            tools.Check(node, servers.MadeBy.GetValueOrDefault(node));
            if (node.Action is PlanAction.CreateMcpServer { Spec: var spec })
                SpecRules.Check(node, spec, request.Files, faults);
        }
    }

    private static PlanStep Step(Node node, List<Node> nodes) =>
        new(node.Draft.Id, node.Action!, [.. node.Waits.Select(i => nodes[i].Draft.Id)], node.Draft.Reason);
}
