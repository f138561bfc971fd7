namespace PolyClaw.Core.Policy;

/// <summary>Which images may become child servers.</summary>
public sealed class ImageOptions
{
    /// <summary>
    /// Patterns over registry and repository, <c>*</c> standing for any characters: <c>docker.io/mcp/*</c>, <c>ghcr.io/acme/*</c>,
    /// <c>polyclaw-test/*</c>. Default: every image but those of registries on this machine or at an address literal, which have to be
    /// named here. An empty list allows no image.
    /// </summary>
    public IReadOnlyList<string>? Allow { get; set; }

    /// <summary>
    /// Whether an image has to be named by digest. Default false on loopback, so that an image built here can be used, and true when the
    /// instance serves beyond loopback.
    /// </summary>
    public bool? RequireDigest { get; set; }
}
