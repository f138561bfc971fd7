using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>A run starts so many steps and no more, whatever its own limits say.</summary>
internal sealed class StepsRule : IPolicyRule
{
    public string Name => "steps";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        var most = Math.Min(context.Limits.StepsPerRun, request.Limits?.Steps ?? int.MaxValue);
        if (request.RunId is not null && request.StepsStarted >= most)
            yield return new Fault("", $"the run has started {request.StepsStarted} steps, and {most} is the most", null, "a new run, or fewer steps");
    }
}
