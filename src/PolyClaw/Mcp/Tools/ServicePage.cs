using PolyClaw.Core.Services;

namespace PolyClaw.Mcp.Tools;

/// <summary>A page of services.</summary>
internal sealed record ServicePage(IReadOnlyList<ServiceView> Services);
