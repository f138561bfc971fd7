using System.Text.Json.Serialization;

namespace PolyClaw.Core.Services;

/// <summary>Whether replicas of a service may stand in for each other. The names are the wire form and a contract.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ServiceKind>))]
public enum ServiceKind
{
    /// <summary>Any replica answers any request, and two versions may run side by side.</summary>
    Stateless,

    /// <summary>It keeps data: one version writes at a time.</summary>
    Stateful,
}
