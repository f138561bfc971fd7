using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>
/// Follows each server name through the plan, in the order that its dependencies ask for and else as it was written: made, called,
/// removed, perhaps made anew. A call waits for the step that makes its server; a removal waits for the calls before it.
/// </summary>
internal sealed class ServerRules(IReadOnlyList<Node> nodes, PlanningRequest request, FaultList faults)
{
    private readonly HashSet<string> _existing = [.. request.Servers.Select(s => s.Server)];

    /// <summary>For each call: the step of the plan that makes its server.</summary>
    public Dictionary<Node, Node> MadeBy { get; } = [];

    public void Check()
    {
        var mentions = StepOrder.SoFar(nodes)
            .Select(node => (Node: node, Server: ServerOf(node)))
            .Where(mention => mention.Server is not null)
            .GroupBy(mention => mention.Server!, mention => mention.Node, StringComparer.Ordinal);
        foreach (var server in mentions)
            Follow(server.Key, [.. server]);
    }

    private static string? ServerOf(Node node) => node.Draft.Name switch
    {
        ActionNames.CreateMcpServer or ActionNames.DecommissionMcpServer => node.Text("name"),
        ActionNames.CallTool => node.Text("server"),
        _ => null,
    };

    private void Follow(string server, IReadOnlyList<Node> mentions)
    {
        var there = _existing.Contains(server);
        Node? maker = null;
        Node? remover = null;
        var calls = new List<Node>();
        foreach (var node in mentions)
        {
            switch (node.Draft.Name)
            {
                case ActionNames.CreateMcpServer when there || maker is not null:
                    faults.Add(Taken(server, maker, node));
                    break;
                case ActionNames.CreateMcpServer:
                    maker = node;
                    there = true;
                    Wait(node, remover);
                    foreach (var early in calls)
                        Bind(early, maker); // written before the step that makes its server
                    break;
                case ActionNames.CallTool when there:
                    Bind(node, maker);
                    calls.Add(node);
                    break;
                case ActionNames.CallTool when remover is not null:
                    faults.Add(
                        PlanFault.CallAfterRemoval, $"the server '{PlainText.Show(server)}' is removed by step '{remover.Draft.Id}' before this call",
                        node.At("/parameters/server"), "call it before that step, or make the server again first");
                    break;
                case ActionNames.CallTool:
                    calls.Add(node);
                    break;
                default:
                    Wait(node, maker);
                    Wait(node, remover);
                    foreach (var call in calls)
                        Wait(node, call);
                    CheckRemoval(server, node, there, remover, mentions);
                    if (!there)
                        calls.ForEach(early => faults.Add(CalledTooEarly(server, early, node)));
                    (remover, maker, there) = (node, null, false);
                    calls.Clear();
                    break;
            }
        }

        if (!there && remover is null)
        {
            foreach (var call in calls)
                faults.Add(UnknownServer(server, call, "/parameters/server"));
        }
    }

    // Removing what may be there before making it anew is a good habit, so a later step that makes it excuses a removal.
    private void CheckRemoval(string server, Node node, bool there, Node? remover, IReadOnlyList<Node> mentions)
    {
        if (there || (remover is null && mentions.Any(m => m.Draft.Name is ActionNames.CreateMcpServer)))
            return;
        faults.Add(remover is null
            ? UnknownServer(server, node, "/parameters/name")
            : new(
                PlanFault.UnknownServer, $"step '{remover.Draft.Id}' removes the server '{PlainText.Show(server)}' already", node.At("/parameters/name"),
                "leave this step out"));
    }

    private static Goals.Fault CalledTooEarly(string server, Node call, Node removal) => new(
        PlanFault.UnknownServer, $"no step before '{removal.Draft.Id}', which removes the server '{PlainText.Show(server)}', makes it for this call",
        call.At("/parameters/server"), "make the server first, and remove it after the calls");

    private void Bind(Node call, Node? maker)
    {
        if (maker is null)
            return;
        MadeBy[call] = maker;
        Wait(call, maker);
    }

    private static void Wait(Node node, Node? other)
    {
        if (other is not null)
            node.Waits.Add(other.Index);
    }

    private static Goals.Fault Taken(string server, Node? maker, Node node) => maker is null
        ? new(
            PlanFault.ServerExists, $"there is a server '{server}' already", node.At("/parameters/name"),
            $"leave this step out and use it, choose another name, or remove it first with decommission_mcp_server (in commands: decommission mcp-server {server})")
        : new(
            PlanFault.DuplicateServer, $"step '{maker.Draft.Id}' makes a server '{PlainText.Show(server)}' too", node.At("/parameters/name"),
            "make one, or choose another name");

    private Goals.Fault UnknownServer(string server, Node node, string pointer)
    {
        var path = node.At(pointer);
        if (NameRules.CheckServer(server, path) is { } badName)
            return badName;
        var known = _existing.Concat(nodes.Where(n => n.Draft.Name is ActionNames.CreateMcpServer).Select(n => n.Text("name")).OfType<string>());
        return new(
            PlanFault.UnknownServer, $"there is no server '{server}' and no step makes it", path,
            Nearest.Advice(server, [.. known.Distinct()], "servers"));
    }
}
