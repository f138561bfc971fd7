using System.Collections.Frozen;
using System.Text.Json;

namespace PolyClaw.Core.Tools;

/// <summary>
/// Ranks tools against a question: BM25 over the parts of names, descriptions, argument names and server names, a match in a name counting
/// most. An immutable snapshot: build a new one when a list of tools changes. The same question always gives the same order.
/// </summary>
public sealed class ToolIndex
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.5;

    private readonly IReadOnlyList<ToolHit> _tools;
    private readonly FrozenDictionary<string, Posting[]> _postings;
    private readonly double[] _lengths;
    private readonly double _meanLength;

    private ToolIndex(IReadOnlyList<ToolHit> tools, FrozenDictionary<string, Posting[]> postings, double[] lengths)
    {
        _tools = tools;
        _postings = postings;
        _lengths = lengths;
        _meanLength = lengths.Length == 0 ? 1 : Math.Max(1, lengths.Average());
    }

    /// <summary>How many tools there are.</summary>
    public int Count => _tools.Count;

    /// <summary>Builds an index.</summary>
    /// <param name="servers">All servers with their tools.</param>
    public static ToolIndex Build(IReadOnlyList<ServerTools> servers)
    {
        List<ToolHit> tools = [.. servers
            .SelectMany(server => server.Tools.Select(tool => new ToolHit(server.Server, tool, 0)))
            .OrderBy(hit => hit.Server, StringComparer.Ordinal).ThenBy(hit => hit.Tool.Name, StringComparer.Ordinal)];
        var postings = new Dictionary<string, List<Posting>>(StringComparer.Ordinal);
        var lengths = new double[tools.Count];
        for (var i = 0; i < tools.Count; i++)
        {
            foreach (var (word, weight) in WeighedWords(tools[i]))
            {
                lengths[i] += 1;
                if (!postings.TryGetValue(word, out var list))
                    postings[word] = list = [];
                list.Add(new Posting(i, weight));
            }
        }

        return new ToolIndex(tools, postings.ToFrozenDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal), lengths);
    }

    /// <summary>The best tools for a question, best first; those that share no word with it are left out.</summary>
    /// <param name="query">Plain words, or a name: <c>TOOL</c>, <c>SERVER.TOOL</c>.</param>
    /// <param name="limit">Most tools given back.</param>
    public IReadOnlyList<ToolHit> Search(string query, int limit)
    {
        var scores = new double[_tools.Count];
        foreach (var word in Words.OfQuestion(query.Length > 4_000 ? query[..4_000] : query).Distinct())
        {
            if (!_postings.TryGetValue(word, out var postings))
                continue;
            var rarity = Math.Log(1 + ((_tools.Count - postings.Length + 0.5) / (postings.Length + 0.5)));
            foreach (var (tool, weight) in postings)
            {
                var length = 1 - LengthWeight + (LengthWeight * _lengths[tool] / _meanLength);
                scores[tool] += rarity * weight * (Saturation + 1) / (weight + (Saturation * length));
            }
        }

        BoostNames(query.Trim(), scores);
        return [.. Enumerable.Range(0, scores.Length)
            .Where(i => scores[i] > 0)
            .OrderByDescending(i => scores[i]).ThenBy(i => i)
            .Take(limit)
            .Select(i => _tools[i] with { Score = Math.Round(scores[i], 4) })];
    }

    /// <summary>As <see cref="Search"/>, but where there are no more tools than the limit, all of them: those that share no word with the question last.</summary>
    /// <param name="query">Plain words, or a name.</param>
    /// <param name="limit">Most tools given back.</param>
    public IReadOnlyList<ToolHit> Best(string query, int limit)
    {
        var found = Search(query, limit);
        return Count > limit
            ? found
            : [.. found, .. _tools.Where(tool => !found.Any(hit => hit.Server == tool.Server && hit.Tool.Name == tool.Tool.Name))];
    }

    private void BoostNames(string query, double[] scores)
    {
        for (var i = 0; i < _tools.Count; i++)
        {
            var (server, tool) = (_tools[i].Server, _tools[i].Tool.Name);
            if (query.Equals(tool, StringComparison.OrdinalIgnoreCase) || query.Equals($"{server}.{tool}", StringComparison.OrdinalIgnoreCase))
                scores[i] += 1_000;
            else if (tool.Length > 3 && query.Contains(tool, StringComparison.OrdinalIgnoreCase))
                scores[i] += 20;
        }
    }

    // How much a word says about the tool, over all places where it stands.
    private static Dictionary<string, double> WeighedWords(ToolHit hit)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        Add(Words.Of(hit.Tool.Name), 4);
        Add(Words.Of(hit.Server), 2);
        Add(Words.Of(hit.Tool.Description), 1);
        if (hit.Tool.InputSchema.ValueKind is JsonValueKind.Object
            && hit.Tool.InputSchema.TryGetProperty("properties", out var properties) && properties.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject().Take(64))
                Add(Words.Of(property.Name), 0.7);
        }

        return weights;

        void Add(List<string> words, double weight)
        {
            foreach (var word in words)
                weights[word] = weights.GetValueOrDefault(word) + weight;
        }
    }

    private readonly record struct Posting(int Tool, double Weight);
}
