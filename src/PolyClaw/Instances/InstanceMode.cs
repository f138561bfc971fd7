namespace PolyClaw.Instances;

/// <summary>How an instance was started.</summary>
/// <param name="Foreground">It serves HTTP, or a container's stdio: it does not end itself for want of use.</param>
internal sealed record InstanceMode(bool Foreground);
