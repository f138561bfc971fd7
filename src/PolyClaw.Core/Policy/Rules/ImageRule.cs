using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>Images keep to the reference grammar, to the allow-list, and are named by digest where that is asked for.</summary>
internal sealed class ImageRule : IPolicyRule
{
    public string Name => "image";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        var (text, path) = request.Action switch
        {
            PlanAction.CreateMcpServer { Spec.Source: ServerSource.Image source } => (source.Reference, "/source/image"),
            // A step that goes back to an earlier version is asked about its image as well: the list may be another by now.
            PlanAction.DeployService or PlanAction.ShiftTraffic => (context.Service?.Spec?.Image, "/image"),
            _ => (null, ""),
        };
        if (text is null)
            yield break;
        if (!ImageReference.TryParse(text, path, out var image, out var fault))
        {
            yield return fault;
            yield break;
        }

        if (!context.Settings.Images.Allows(image))
        {
            yield return new Fault(
                "", $"{image.Name} is on no pattern of the allow-list ({context.Settings.Images.Shown})", path,
                image.IsLocalRegistry ? $"the operator adds {image.Registry}/* to Policy:Images:Allow" : "an image that a pattern covers, or the operator adds one to Policy:Images:Allow");
        }

        if (context.Settings.RequireDigest && image.Digest is null)
            yield return new Fault("", $"{image} has no digest (Policy:Images:RequireDigest)", path, $"{image.Name}@sha256: and 64 hex digits");
    }
}
