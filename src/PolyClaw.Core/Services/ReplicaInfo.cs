using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services;

/// <summary>A replica as it is now.</summary>
/// <param name="Id">Which.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Address">Where it answers, for the gateway; nothing while it does not run.</param>
/// <param name="Restarts">How often its process was started again.</param>
/// <param name="Since">When it came into this state.</param>
/// <param name="Error">Why it is not healthy.</param>
/// <param name="Location">The engine it runs on, by its name in the settings; nothing for the local one.</param>
public sealed record ReplicaInfo(ReplicaId Id, ReplicaState State, Uri? Address, int Restarts, DateTimeOffset Since, Fault? Error = null, string? Location = null);
