using System.Globalization;
using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>Puts what the JSON binder threw into the words of the one who wrote the plan.</summary>
internal static class BindingFault
{
    public static Fault From(JsonException exception, Node node)
    {
        var pointer = "/parameters" + PointerOf(exception.Path ?? "$");
        var reason = JsonGuard.Reason(exception);
        var quoted = reason.Split('\'');
        var name = quoted.Length > 1 ? quoted[1] : "";
        if (reason.Contains("missing required", StringComparison.Ordinal))
        {
            var missing = reason[(reason.IndexOf("including:", StringComparison.Ordinal) + 10)..].Trim().TrimEnd('.');
            return new Fault(PlanFault.BadParameters, $"missing: {missing}", node.At(pointer));
        }

        if (reason.Contains("could not be mapped", StringComparison.Ordinal))
            return new Fault(PlanFault.BadParameters, $"unknown field '{name}'", node.At(pointer), "leave it out");
        if (reason.Contains("uplicate", StringComparison.Ordinal))
            return new Fault(PlanFault.BadParameters, $"the field '{name}' stands twice", node.At(pointer), "keep one");
        return new Fault(PlanFault.BadParameters, "the value has the wrong type, or is null", node.At(pointer), "see the action's schema");
    }

    // "$.source.tools[0]['odd name']" -> "/source/tools/0/odd name"
    private static string PointerOf(string path)
    {
        var segments = new List<string>();
        for (var i = 1; i < path.Length;)
        {
            int end;
            if (path[i] == '.')
            {
                end = path.AsSpan(i + 1).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : i + 1 + end;
                segments.Add(path[(i + 1)..end]);
            }
            else if (path.AsSpan(i).StartsWith("['"))
            {
                end = path.IndexOf("']", i, StringComparison.Ordinal);
                end = end < 0 ? path.Length : end;
                segments.Add(path[(i + 2)..end]);
                end += 2;
            }
            else
            {
                end = path.IndexOf(']', i);
                end = end < 0 ? path.Length - 1 : end;
                segments.Add(path[(i + 1)..end].ToString(CultureInfo.InvariantCulture));
                end++;
            }

            i = Math.Max(end, i + 1);
        }

        return JsonPointer.Write(segments);
    }
}
