using System.Text.Json.Serialization;

namespace PolyClaw.Core.Servers;

/// <summary>Where a child server stands. The names are the wire form and a contract.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ServerState>))]
public enum ServerState
{
    /// <summary>Being made.</summary>
    Creating,

    /// <summary>Answers, and is being tried.</summary>
    Testing,

    /// <summary>Its definition was changed or found wanting; no call reaches it.</summary>
    Quarantined,

    /// <summary>Connected and healthy.</summary>
    Ready,

    /// <summary>Stopped for want of use; the next call wakes it.</summary>
    Idle,

    /// <summary>Died or misbehaved; restarts with backoff or stays down.</summary>
    Unhealthy,

    /// <summary>Gone.</summary>
    Removed,
}

/// <summary>How far a child is kept from the host, from weakest to strongest.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Isolation>))]
public enum Isolation
{
    /// <summary>It runs elsewhere; nothing of ours confines it.</summary>
    Remote,

    /// <summary>A limited bare process.</summary>
    Process,

    /// <summary>A process in bubblewrap's namespaces.</summary>
    Sandbox,

    /// <summary>A hardened container.</summary>
    Container,
}
