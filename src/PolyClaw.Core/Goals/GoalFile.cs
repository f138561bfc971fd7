namespace PolyClaw.Core.Goals;

/// <summary>A file handed in with a goal. Its bytes lie in the blob store; the instance never opens a path that a client names.</summary>
/// <param name="Name">The name the goal uses for it, for example <c>samples/sales/sales.csv</c>.</param>
/// <param name="Sha256">Lower-case hex digest of the bytes; the key in the blob store.</param>
/// <param name="Bytes">Length in bytes.</param>
public sealed record GoalFile(string Name, string Sha256, long Bytes);
