namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>
/// Finds a schema that, through references and <c>allOf</c> and their like, applies itself to the very value it was given. Such a schema has no
/// answer. Loops through properties or items are sound: the value gets smaller.
/// </summary>
internal static class ReferenceLoop
{
    /// <summary>A node on a loop, or null. Walks without recursion, because a chain of references may be as long as the schema.</summary>
    internal static SchemaNode? Find(SchemaNode root)
    {
        var done = new HashSet<SchemaNode>();
        var open = new HashSet<SchemaNode>();
        foreach (var start in root.Resource.Document.Nodes.Values)
        {
            var walk = new Stack<(SchemaNode Node, bool Leaving)>();
            walk.Push((start, false));
            while (walk.TryPop(out var step))
            {
                if (step.Leaving)
                {
                    open.Remove(step.Node);
                    done.Add(step.Node);
                    continue;
                }

                // Pushed twice as a sibling, it may be open or done by now.
                if (done.Contains(step.Node) || !open.Add(step.Node))
                    continue;
                walk.Push((step.Node, true));
                foreach (var next in step.Node.Keywords.SelectMany(keyword => keyword.InPlace))
                {
                    if (open.Contains(next))
                        return next;
                    walk.Push((next, false));
                }
            }
        }

        return null;
    }
}
