using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>A plan ends in one DONE, unless its planner wants to go on after seeing the results.</summary>
internal static class EndRules
{
    public static void Check(IReadOnlyList<Node> nodes, bool continues, FaultList faults)
    {
        var done = nodes.Where(n => n.Draft.Name is ActionNames.Done).ToList();
        if (done.Count == 0 && !continues)
            faults.Add(PlanFault.BadEnd, "the plan does not end in DONE", nodes[^1].At(""), "add a DONE step at the end, or say \"continues\": true");
        if (done.Count > 0 && continues)
            faults.Add(PlanFault.BadEnd, "a plan that continues cannot hold DONE", done[0].At("/name"), "leave DONE out, or say \"continues\": false");
        foreach (var second in done.Skip(1))
            faults.Add(PlanFault.BadEnd, "a plan has one DONE", second.At("/name"), "leave this one out");
        if (done.Count > 0)
        {
            foreach (var late in nodes.Skip(done[0].Index + 1).Where(n => n.Draft.Name is not ActionNames.Done))
                faults.Add(PlanFault.BadEnd, $"step '{PlainText.Show(late.Draft.Id)}' stands after DONE", late.At(""), "put DONE last");
            foreach (var node in nodes.Where(n => n.Draft.Name is not ActionNames.Done))
                done[0].Waits.Add(node.Index);
        }
    }
}
