namespace PolyClaw.Samples.Service.Load;

/// <summary>What a request asks of the service.</summary>
internal enum RequestKind
{
    /// <summary>A GET that is answered at once.</summary>
    Quick,

    /// <summary>A POST whose body has to arrive whole.</summary>
    Body,

    /// <summary>A GET that takes a while on purpose.</summary>
    Slow,

    /// <summary>Server-sent events, all of which have to come.</summary>
    Stream,
}
