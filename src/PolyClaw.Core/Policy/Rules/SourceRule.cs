using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>The kinds of source that exist, and what each of them may hold beside itself.</summary>
internal sealed class SourceRule : IPolicyRule
{
    public string Name => "source";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => request.Action switch
    {
        PlanAction.CreateMcpServer { Spec: { Source: ServerSource.Tools or ServerSource.Image or ServerSource.Host } } => [],
        PlanAction.CreateMcpServer { Spec: { Source: ServerSource.Remote remote } spec } => OfRemote(spec, remote, context),
        PlanAction.CreateMcpServer { Spec.Source.Kind: var kind } => [new Fault("", $"no server can be made from source kind '{kind}'", "/source/kind", "image, tools, remote or host")],
        _ => [],
    };

    private static IEnumerable<Fault> OfRemote(ServerSpec spec, ServerSource.Remote remote, PolicyContext context)
    {
        if (RemoteUrl.Check(remote.Url, "/source/url", context.Settings.AllowPlainHttp) is { } fault)
            yield return fault;
        if (spec.Resources is not null)
            yield return NotOurs("resources");
        if (spec.Env is { Count: > 0 })
            yield return NotOurs("env");
        if (spec.Network is not null)
            yield return NotOurs("network");
        if (spec.Location is not null)
            yield return NotOurs("location");
    }

    private static Fault NotOurs(string field) =>
        new("", $"a remote server runs elsewhere, and {field} would change nothing there", "/" + field, "leave it out");
}
