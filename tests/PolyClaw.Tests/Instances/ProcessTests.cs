namespace PolyClaw.Tests.Instances;

/// <summary>Tests that start the real program run one after another: a few of them fill a small machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests
{
    public const string Name = "processes";
}
