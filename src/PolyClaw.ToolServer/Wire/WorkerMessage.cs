using System.Text.Json.Serialization;

namespace PolyClaw.ToolServer.Wire;

/// <summary>What a worker tells its server, a frame each. <see cref="Started"/> comes first; the last is <see cref="Returned"/> or <see cref="Failed"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(Logged), "logged")]
[JsonDerivedType(typeof(Attached), "attached")]
[JsonDerivedType(typeof(Returned), "returned")]
[JsonDerivedType(typeof(Failed), "failed")]
internal abstract record WorkerMessage
{
    private WorkerMessage() { }

    /// <summary>The job is here and begins; the call's time counts from now.</summary>
    public sealed record Started : WorkerMessage;

    /// <summary>A line the code logged.</summary>
    public sealed record Logged(string Text) : WorkerMessage;

    /// <summary>A file the code hands back.</summary>
    public sealed record Attached(string Name, string Mime, string Text) : WorkerMessage;

    /// <summary>The code's output, as JSON text.</summary>
    public sealed record Returned(string Json) : WorkerMessage;

    /// <summary>Why there is no output, in words the calling model can act on.</summary>
    public sealed record Failed(string Reason) : WorkerMessage;
}
