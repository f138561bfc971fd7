namespace PolyClaw.Core.Services.Scaling;

/// <summary>What a look led to.</summary>
/// <param name="Replicas">Replicas the service is to have now.</param>
/// <param name="Recommended">What the metrics and who asked want, before windows, rates and quota.</param>
/// <param name="Why">One sentence for a person.</param>
/// <param name="State">For the next look.</param>
public sealed record ScalingDecision(int Replicas, int Recommended, string Why, ScalingState State);
