namespace PolyClaw.Core.Policy;

/// <summary>What a person has to agree to first.</summary>
public sealed class ApprovalOptions
{
    /// <summary>Wire names of actions, for example <c>create_mcp_server</c>. Default none.</summary>
    public IReadOnlyList<string>? Actions { get; set; }
}
