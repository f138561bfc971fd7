namespace PolyClaw.Tests.Mcp;

/// <summary>Tests of the surface share one instance.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedSurface : ICollectionFixture<SurfaceInstance>
{
    public const string Name = "surface";
}
