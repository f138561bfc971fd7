using PolyClaw.Core.Execution;
using PolyClaw.Core.Planning.Drafts;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>Ids, dependencies that were written down, and those that references make.</summary>
internal static class StepRules
{
    public static void Check(IReadOnlyList<Node> nodes, PlanningRequest request, FaultList faults)
    {
        var done = request.Done.ToLookup(step => step.Step.Id, StringComparer.Ordinal);
        var byId = CheckIds(nodes, [.. request.Done.Select(step => step.Step.Id), .. request.NotRun], faults);
        foreach (var node in nodes)
        {
            for (var i = 0; i < node.Draft.DependsOn.Count; i++)
                Link(node, node.Draft.DependsOn[i], node.At($"/depends_on/{i}"), needsData: false);
            foreach (var use in node.References)
                Link(node, use.Reference.StepId, node.At("/parameters" + use.At), needsData: true);
        }

        void Link(Node node, string id, string path, bool needsData)
        {
            if (byId.TryGetValue(id, out var other) && other != node)
                node.Waits.Add(other.Index);
            else if (other == node)
                faults.Add(PlanFault.SelfReference, $"step '{id}' waits for itself", path, "refer to another step");
            else if (request.NotRun.Contains(id, StringComparer.Ordinal))
                faults.Add(PlanFault.UnknownStep, $"step '{id}' of an earlier plan never ran", path, "plan that work again under a new id");
            else if (!done.Contains(id))
                faults.Add(PlanFault.UnknownStep, $"no step is called '{PlainText.Show(id)}'", path, Nearest.Advice(id, byId.Keys, "steps"));
            else if (done[id].Last().Outcome is not StepOutcome.Succeeded { Data: var data })
                faults.Add(PlanFault.UnknownStep, $"step '{id}' did not succeed in an earlier plan", path, "plan that work again under a new id");
            else if (needsData && data is null)
                faults.Add(PlanFault.MissingData, $"step '{id}' of an earlier plan gave no data", path, "refer to another step");
        }
    }

    private static Dictionary<string, Node> CheckIds(IReadOnlyList<Node> nodes, HashSet<string> taken, FaultList faults)
    {
        var byId = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var id = node.Draft.Id;
            if (!StepIds.IsValid(id))
            {
                faults.Add(
                    PlanFault.BadId, $"'{PlainText.Show(id)}' is no step id", node.At("/id"),
                    "a lower-case letter, then up to 63 lower-case letters, digits, '-' or '_'");
            }
            else if (taken.Contains(id))
            {
                faults.Add(PlanFault.DuplicateId, $"step '{id}' was in an earlier plan of this run", node.At("/id"), "choose a new id");
            }

            if (!byId.TryAdd(id, node))
                faults.Add(PlanFault.DuplicateId, $"two steps are called '{PlainText.Show(id)}'", node.At("/id"), "give each step its own id");
        }

        return byId;
    }
}
