using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <summary>Settles what is needed to start a server, from its grant and the files that came with it.</summary>
internal static class ServerPlanning
{
    /// <summary>Settles it.</summary>
    /// <param name="grant">The right to run it.</param>
    /// <param name="key">Idempotency key.</param>
    /// <param name="runId">The run; empty for none.</param>
    /// <param name="files">Files of the goal.</param>
    /// <param name="plainHttpAnywhere">Whether policy lets http go further than this machine.</param>
    /// <param name="faults">Everything that stands against it; empty when it can be started.</param>
    public static ServerPlan Plan(Grant grant, string key, string runId, IGoalFiles files, bool plainHttpAnywhere, out IReadOnlyList<Fault> faults)
    {
        var spec = grant.Spec;
        var wrong = new List<Fault>();
        if (spec.Secrets is { Count: > 0 })
            wrong.Add(new Fault("secrets_unsupported", "this build has no store of secrets to take them from", "/secrets", "leave 'secrets' out"));
        if (spec.Source is ServerSource.Remote remote && RemoteUrl.Check(remote.Url, "/source/url", plainHttpAnywhere) is { } problem)
            wrong.Add(problem);

        ReadOnlyMemory<byte> line = default;
        if (HostTools.Of(spec.Source) is { } tools)
        {
            line = DefinitionLine.Write(spec.Name, tools, files, out var missing);
            wrong.AddRange(missing);
        }

        faults = wrong;
        IReadOnlyList<string> warnings = spec.Env is { Count: > 0 } && spec.Source is not ServerSource.Image
            ? [$"env has no effect on a server of kind {spec.Source.Kind}"]
            : HostCapacity.Notes(spec);
        return new ServerPlan(grant, key, runId, ActionDigest.Of(new PlanAction.CreateMcpServer(spec)), line, warnings);
    }

    /// <summary>Several faults in the form of one.</summary>
    public static Fault OneFault(IReadOnlyList<Fault> faults) =>
        faults.Count == 1 ? faults[0] : new Fault(faults[0].Code, string.Join("; ", faults), faults[0].Path, faults[0].Fix);
}
