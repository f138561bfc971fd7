using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>What a test says of the services on a host.</summary>
internal sealed class HostsOf : IHostFacts
{
    public string Status { get; set; } = """{"services":[]}""";

    public string Log { get; set; } = "";

    /// <summary>What was asked for last.</summary>
    public string Asked { get; private set; } = "";

    public string StatusJson(string tenant, string host) => Status;

    public Task<string> LogsAsync(string tenant, string host, string? service, int lines, CancellationToken cancellationToken)
    {
        Asked = $"{tenant}/{host}/{service}/{lines}";
        return Task.FromResult(Log);
    }
}
