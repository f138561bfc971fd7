using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>uniqueItems</c>: linear by hash, so that ten thousand items are no ten thousand squared.</summary>
internal sealed class UniqueItems(SchemaNode owner) : Keyword(owner, "uniqueItems")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Array || instance.GetArrayLength() < 2)
            return true;

        // By hash, the last item seen with it and, for each item, the one before it with the same hash.
        var last = new Dictionary<int, int>();
        var items = new List<(JsonElement Value, int Before)>();
        var unique = true;
        foreach (var item in instance.EnumerateArray())
        {
            if (run.Hash(item, frame) is not { } hash)
                return false;
            var before = last.GetValueOrDefault(hash, -1);
            for (var at = before; at >= 0; at = items[at].Before)
            {
                if (run.AreEqual(items[at].Value, item, frame))
                {
                    unique = run.Fail(this, frame, $"must hold no item twice, and items {at} and {items.Count} are the same");
                    break;
                }

                if (run.Exceeded)
                    return false;
            }

            if (!unique && !run.Collecting)
                return false;
            last[hash] = items.Count;
            items.Add((item, before));
        }

        return unique;
    }
}
