using System.Text.Json;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Goals;

/// <summary>A run as clients see it. Field names are the wire form and a contract.</summary>
public sealed record RunView
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>What was asked.</summary>
    public required string Goal { get; init; }

    /// <summary>Which planner made the plan: <c>commands</c> or <c>model:NAME</c>.</summary>
    public string? Planner { get; init; }

    /// <summary>The steps, in the order they were planned.</summary>
    public required IReadOnlyList<StepView> Plan { get; init; }

    /// <summary>What the run has to say.</summary>
    public string? Result { get; init; }

    /// <summary>Files it made.</summary>
    public required IReadOnlyList<ArtifactView> Artifacts { get; init; }

    /// <summary>Why it did not succeed.</summary>
    public Fault? Error { get; init; }

    /// <summary>What the plan creates, changes, destroys and reaches, one line each; for a plan that has not run.</summary>
    public IReadOnlyList<string>? BlastRadius { get; init; }

    /// <summary>SHA-256 of the plan; <c>approved_plan</c> names it.</summary>
    public string? PlanDigest { get; init; }

    /// <summary>What exists because of this run and was not removed.</summary>
    public required IReadOnlyList<string> ResourcesCreated { get; init; }

    /// <summary>What a person must decide, when it waits for that.</summary>
    public PendingInputView? PendingInput { get; init; }

    /// <summary>How children are kept from the host.</summary>
    public Servers.Isolation? Isolation { get; init; }

    /// <summary>Position of the newest event; give it as <c>after</c>.</summary>
    public required long Position { get; init; }

    /// <summary>Events after the position asked for.</summary>
    public IReadOnlyList<EventView>? Events { get; init; }

    /// <summary>What it has used.</summary>
    public required UsageView Usage { get; init; }

    /// <summary>What the calling model should do now, in one sentence.</summary>
    public required string Next { get; init; }
}

/// <summary>A step of the plan.</summary>
/// <param name="Id">Step id.</param>
/// <param name="Action">Action name.</param>
/// <param name="Target">What it acts on, for example <c>sales.totals</c>.</param>
/// <param name="DependsOn">Steps before it.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Message">One sentence.</param>
/// <param name="StartedAt">When its first attempt began.</param>
/// <param name="Ms">Milliseconds it took.</param>
/// <param name="Data">What it answered, when it is small enough to show.</param>
public sealed record StepView(
    string Id, string Action, string? Target, IReadOnlyList<string> DependsOn, StepStatus Status, string? Message, DateTimeOffset? StartedAt, double? Ms,
    JsonElement? Data = null);

/// <summary>A file of the run.</summary>
/// <param name="Name">File name.</param>
/// <param name="Mime">Media type.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Digest of the bytes.</param>
/// <param name="Uri">Resource to read it by.</param>
/// <param name="Path">Where it lies, for a person on this machine.</param>
public sealed record ArtifactView(string Name, string Mime, long Bytes, string Sha256, string Uri, string? Path = null);

/// <summary>An open question.</summary>
/// <param name="InputId">Name it in <c>answer_run</c>; used once.</param>
/// <param name="Kind">What kind of answer is wanted.</param>
/// <param name="Shown">What the person is asked.</param>
/// <param name="Choices">Answers to choose from.</param>
public sealed record PendingInputView(string InputId, InputKind Kind, string Shown, IReadOnlyList<string>? Choices = null);

/// <summary>An event for a client.</summary>
/// <param name="Position">Its position.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What kind.</param>
/// <param name="Text">One line.</param>
public sealed record EventView(long Position, DateTimeOffset At, string Kind, string Text);

/// <summary>What a run has used.</summary>
/// <param name="Steps">Steps started.</param>
/// <param name="ModelCalls">Requests to the planner's model.</param>
/// <param name="InputTokens">Tokens sent.</param>
/// <param name="OutputTokens">Tokens received.</param>
/// <param name="Ms">Milliseconds from creation to now, or to the end.</param>
public sealed record UsageView(int Steps, int ModelCalls, long InputTokens, long OutputTokens, double Ms);
