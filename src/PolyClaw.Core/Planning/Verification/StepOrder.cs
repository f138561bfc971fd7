namespace PolyClaw.Core.Planning.Verification;

/// <summary>Puts steps in an order in which none stands before one it waits for; as near to the written order as that allows.</summary>
internal static class StepOrder
{
    public static IReadOnlyList<Node>? Sort(IReadOnlyList<Node> nodes, FaultList faults)
    {
        var order = Order(nodes);
        if (order.Count == nodes.Count)
            return order;
        NameCycles(nodes, [.. nodes.Except(order).Select(n => n.Index)], faults);
        return null;
    }

    /// <summary>The order by the waits known so far, or as it was written where they go round.</summary>
    public static IReadOnlyList<Node> SoFar(IReadOnlyList<Node> nodes)
    {
        var order = Order(nodes);
        return order.Count == nodes.Count ? order : nodes;
    }

    private static List<Node> Order(IReadOnlyList<Node> nodes)
    {
        var waiting = nodes.Select(n => n.Waits.Count).ToArray();
        var followers = nodes.SelectMany(n => n.Waits.Select(w => (Before: w, After: n.Index))).ToLookup(e => e.Before, e => e.After);
        var ready = new PriorityQueue<int, int>(nodes.Where(n => n.Waits.Count == 0).Select(n => (n.Index, n.Index)));
        var order = new List<Node>(nodes.Count);
        while (ready.TryDequeue(out var index, out _))
        {
            order.Add(nodes[index]);
            foreach (var follower in followers[index])
            {
                if (--waiting[follower] == 0)
                    ready.Enqueue(follower, follower);
            }
        }

        return order;
    }

    // Every node left over waits for another one left over, so a walk along 'waits for' must come round.
    private static void NameCycles(IReadOnlyList<Node> nodes, HashSet<int> left, FaultList faults)
    {
        var seen = new HashSet<int>();
        foreach (var start in left.Order())
        {
            var walk = new List<int>();
            var index = start;
            while (seen.Add(index))
            {
                walk.Add(index);
                index = nodes[index].Waits.First(left.Contains);
            }

            var from = walk.IndexOf(index);
            if (from < 0)
                continue;
            var ids = walk.Skip(from).Append(index).Select(i => PlainText.Show(nodes[i].Draft.Id)).ToList();
            faults.Add(
                PlanFault.Cycle, $"steps wait for each other: {Shorten(ids)} (each waits for the next)", nodes[index].At(""),
                "take one of these dependencies away");
        }
    }

    private static string Shorten(List<string> ids) =>
        ids.Count <= 20 ? string.Join(" → ", ids) : string.Join(" → ", ids.Take(19)) + " → … → " + ids[^1];
}
