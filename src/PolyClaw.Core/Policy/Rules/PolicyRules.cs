namespace PolyClaw.Core.Policy.Rules;

/// <summary>Every rule there is, in the order in which denials are told.</summary>
internal static class PolicyRules
{
    public static IReadOnlyList<IPolicyRule> All { get; } =
    [
        new TenantRule(),
        new NamesRule(),
        new NameTakenRule(),
        new ServiceRule(),
        new ServiceSpecRule(),
        new LocationRule(),
        new SourceRule(),
        new ToolCodeRule(),
        new ImageRule(),
        new ResourceGrammarRule(),
        new CpuRule(),
        new MemoryRule(),
        new StorageRule(),
        new PidsRule(),
        new ServerCountRule(),
        new ReplicasRule(),
        new HostRule(),
        new StepsRule(),
        new NetworkRule(),
        new EnvironmentRule(),
        new IdleRule(),
        new IsolationRule(),
    ];
}
