namespace PolyClaw.Core.Services;

/// <summary>Tells people outside what happened to a service.</summary>
public interface IServiceNotices
{
    /// <summary>Takes a notice to be told, and returns at once.</summary>
    /// <param name="notice">What happened.</param>
    void Tell(ServiceNotice notice);
}

/// <summary>Something about a service that somebody should know.</summary>
/// <param name="Kind"><c>rolled_back</c>, <c>deployed</c>, <c>crash_loop</c>, <c>replaced</c>, <c>scaled</c> or <c>deleted</c>.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Version">The version that it is about.</param>
/// <param name="Text">What happened, for a person.</param>
/// <param name="At">When.</param>
public sealed record ServiceNotice(string Kind, string Tenant, string Service, int Version, string Text, DateTimeOffset At);
