using System.Text.Json;
using System.Text.Json.Serialization;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Actions;

/// <summary>
/// What one step does: the planner's whole vocabulary. A closed choice; on the wire it stands in an envelope
/// (<see cref="Planning.PlanStep"/>) whose <c>name</c> selects the case and whose <c>parameters</c> are read by its type.
/// </summary>
public abstract record PlanAction
{
    private PlanAction() { }

    /// <summary>The wire name, for example <c>call_tool</c>.</summary>
    [JsonIgnore]
    public abstract string ActionName { get; }

    /// <summary>Asks what is free for the tenant, and whether something fits.</summary>
    /// <param name="Resources">What should fit; nothing asks for the free amounts alone.</param>
    /// <param name="Location">Which engine; the local one by default.</param>
    public sealed record CheckResourceAvailability(ServerResources? Resources = null, string? Location = null) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.CheckResourceAvailability;
    }

    /// <summary>Makes a child MCP server.</summary>
    /// <param name="Spec">What it is to be; its fields are the action's parameters.</param>
    public sealed record CreateMcpServer(ServerSpec Spec) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.CreateMcpServer;
    }

    /// <summary>Calls a tool of a child server.</summary>
    /// <param name="Server">The server's name.</param>
    /// <param name="Tool">The tool's name on that server.</param>
    /// <param name="Arguments">A JSON object that the tool's input schema accepts; empty when left out.</param>
    public sealed record CallTool(string Server, string Tool, JsonElement? Arguments = null) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.CallTool;
    }

    /// <summary>Removes a child MCP server and what it holds.</summary>
    /// <param name="Name">The server's name.</param>
    public sealed record DecommissionMcpServer(string Name) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.DecommissionMcpServer;
    }

    /// <summary>Asks a question and waits for the answer.</summary>
    /// <param name="Question">What is asked, in plain words; at most 2,000 characters.</param>
    /// <param name="Choices">Answers to choose from; free text when left out.</param>
    public sealed record AskUser(string Question, IReadOnlyList<string>? Choices = null) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.AskUser;
    }

    /// <summary>Writes the run's report, a file of the run.</summary>
    /// <param name="Text">Markdown; <c>${step.path}</c> is replaced by an earlier step's data.</param>
    /// <param name="Name">File name, default <c>report.md</c>.</param>
    public sealed record Report(string Text, string? Name = null) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.Report;
    }

    /// <summary>Says that the goal is reached. Accepted only when the run's own probes pass.</summary>
    /// <param name="Summary">One or two sentences for the person who asked.</param>
    /// <param name="Expect">Conditions over earlier steps' data that must hold.</param>
    public sealed record Done(string? Summary = null, IReadOnlyList<Expectation>? Expect = null) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.Done;
    }
}

/// <summary>A condition that must hold for a goal to count as reached.</summary>
/// <param name="Value">A reference such as <c>${totals.rows}</c>, or text holding references.</param>
/// <param name="Schema">JSON Schema 2020-12 that the value must satisfy.</param>
public sealed record Expectation(JsonElement Value, JsonElement Schema);
