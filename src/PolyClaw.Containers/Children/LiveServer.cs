using System.Collections.Frozen;
using PolyClaw.Containers.Children.Listing;

namespace PolyClaw.Containers.Children;

/// <summary>A server while it runs: its connection, and its tools by name.</summary>
/// <param name="Link">The connection.</param>
/// <param name="Since">When it came up, for the judgement whether it was stable.</param>
/// <param name="Tools">Its tools, as they were when last listed.</param>
internal sealed record LiveServer(ChildLink Link, long Since, FrozenDictionary<string, ListedTool> Tools);
