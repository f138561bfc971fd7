using System.Text.Json;
using System.Text.Json.Serialization;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Execution;

/// <summary>How a step ended: the one form that every handler answers in.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "status")]
[JsonDerivedType(typeof(Succeeded), "succeeded")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Denied), "denied")]
[JsonDerivedType(typeof(TimedOut), "timed_out")]
[JsonDerivedType(typeof(InDoubt), "in_doubt")]
public abstract record StepOutcome
{
    private StepOutcome() { }

    /// <summary>The step status that this outcome means.</summary>
    [JsonIgnore]
    public abstract StepStatus Status { get; }

    /// <summary>One sentence for a person.</summary>
    public abstract string Message { get; init; }

    /// <summary>It did what it should.</summary>
    /// <param name="Message">One sentence for a person.</param>
    /// <param name="Data">What later steps may refer to.</param>
    /// <param name="Artifacts">Files it made.</param>
    /// <param name="Resources">Names of what it made in the world, for example <c>server/sales</c>.</param>
    public sealed record Succeeded(
        string Message,
        JsonElement? Data = null,
        IReadOnlyList<Artifact>? Artifacts = null,
        IReadOnlyList<string>? Resources = null) : StepOutcome
    {
        /// <inheritdoc/>
        public override string Message { get; init; } = Message;

        /// <inheritdoc/>
        [JsonIgnore]
        public override StepStatus Status => StepStatus.Succeeded;
    }

    /// <summary>It did not, and the world is as it was (or the error says how it is).</summary>
    /// <param name="Error">What went wrong, where, and what would be right.</param>
    /// <param name="Transient">Whether trying again may help: a busy engine, a dropped connection.</param>
    /// <param name="Data">What it answered all the same.</param>
    public sealed record Failed(Fault Error, bool Transient = false, JsonElement? Data = null) : StepOutcome
    {
        /// <inheritdoc/>
        public override string Message { get; init; } = Error.ToString();

        /// <inheritdoc/>
        [JsonIgnore]
        public override StepStatus Status => StepStatus.Failed;
    }

    /// <summary>The gate refused it.</summary>
    /// <param name="Denials">Every rule that failed: value, limit, what would pass.</param>
    public sealed record Denied(IReadOnlyList<Fault> Denials) : StepOutcome
    {
        /// <inheritdoc/>
        public override string Message { get; init; } = string.Join("; ", Denials);

        /// <inheritdoc/>
        [JsonIgnore]
        public override StepStatus Status => StepStatus.Denied;
    }

    /// <summary>Its own time limit passed, and what it began was stopped.</summary>
    /// <param name="Limit">The limit.</param>
    public sealed record TimedOut(TimeSpan Limit) : StepOutcome
    {
        /// <inheritdoc/>
        public override string Message { get; init; } = $"no answer within {Limit.TotalSeconds:0.#} s";

        /// <inheritdoc/>
        [JsonIgnore]
        public override StepStatus Status => StepStatus.TimedOut;
    }

    /// <summary>Cut off in the middle of something that must not be repeated; nobody can know whether it happened.</summary>
    /// <param name="Message">What is known.</param>
    public sealed record InDoubt(string Message) : StepOutcome
    {
        /// <inheritdoc/>
        public override string Message { get; init; } = Message;

        /// <inheritdoc/>
        [JsonIgnore]
        public override StepStatus Status => StepStatus.InDoubt;
    }
}

/// <summary>A file that a run made. Its bytes lie in the blob store under the digest.</summary>
/// <param name="Name">File name, no folder.</param>
/// <param name="Mime">Media type.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Lower-case hex digest.</param>
public sealed record Artifact(string Name, string Mime, long Bytes, string Sha256);
