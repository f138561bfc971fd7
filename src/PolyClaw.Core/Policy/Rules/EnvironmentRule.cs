using System.Text;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>The environment of a child: keys that change nothing but data, bounded values, no key twice.</summary>
internal sealed class EnvironmentRule : IPolicyRule
{
    public string Name => "env";

    private const int MostVariables = 64;
    private const int LargestTotalBytes = 64 * 1024;

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) =>
        request.Action switch
        {
            PlanAction.CreateMcpServer { Spec: var spec } => OfSecrets(spec).Concat(OfVariables(spec.Env ?? NoVariables)),
            PlanAction.DeployService { Spec.Env: { } env } => OfVariables(env),
            _ => [],
        };

    private static IEnumerable<Fault> OfSecrets(ServerSpec spec)
    {
        if (spec.Secrets is { Count: > 0 })
            yield return new Fault("", "this build has no store of secrets to take them from", "/secrets", "leave secrets out");
    }

    private static IEnumerable<Fault> OfVariables(IReadOnlyDictionary<string, string> env)
    {
        if (env.Count > MostVariables)
        {
            yield return new Fault("", $"{env.Count} environment variables", "/env", $"at most {MostVariables}");
            yield break;
        }

        foreach (var (key, value) in env)
        {
            if (EnvironmentVariable.CheckKey(key, Pointer("env", key)) is { } badKey)
                yield return badKey;
            if (EnvironmentVariable.CheckValue(value, Pointer("env", key)) is { } badValue)
                yield return badValue;
        }

        var total = env.Sum(v => (long)Encoding.UTF8.GetByteCount(v.Key) + Encoding.UTF8.GetByteCount(v.Value ?? ""));
        if (total > LargestTotalBytes)
            yield return new Fault("", $"the environment has {total} bytes", "/env", $"at most {LargestTotalBytes} bytes in all");
    }

    private static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>();

    // The key is somebody's text: what could break a line is shown by code point, and '~' and '/' as JSON pointers write them.
    private static string Pointer(string field, string key) =>
        $"/{field}/{CodePoints.Show(key).Trim('\'').Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
