using System.Text.Json;
using System.Text.Json.Serialization;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services;

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

    /// <summary>Brings a service, or its next version, into being and gives it the traffic.</summary>
    /// <param name="Spec">What it is to be; its fields are the action's parameters.</param>
    public sealed record DeployService(ServiceSpec Spec) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.DeployService;
    }

    /// <summary>Looks whether a service is well: asks it over the gateway, reads its replicas' logs and its figures.</summary>
    /// <param name="Name">The service's name.</param>
    /// <param name="Path">Path that is asked for; the health path when left out.</param>
    /// <param name="Requests">How many requests are sent, one after another. 1–1,000, default 20.</param>
    /// <param name="MaxLatencyMs">The p95 that is accepted, in milliseconds. Default any.</param>
    public sealed record ValidateService(string Name, string? Path = null, int? Requests = null, int? MaxLatencyMs = null) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.ValidateService;
    }

    /// <summary>Gives a version of a service, one that ran before, a share of the traffic or all of it.</summary>
    /// <param name="Name">The service's name.</param>
    /// <param name="Version">The version that is to serve.</param>
    /// <param name="Weight">Its first share of the traffic in percent, 1–100; it grows step by step while it does well. Default 100: all at once.</param>
    public sealed record ShiftTraffic(string Name, int Version, int? Weight = null) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.ShiftTraffic;
    }

    /// <summary>Says how many replicas a service has: a number, or between which numbers it follows its load.</summary>
    /// <param name="Name">The service's name.</param>
    /// <param name="To">A number to have at once; kept as a floor for a while where the service follows its load, else until it is changed.</param>
    /// <param name="Min">The fewest, 0–1,000. With 0 it goes to zero when nobody asks for it, and a request wakes it.</param>
    /// <param name="Max">The most, 1–1,000.</param>
    /// <param name="Target">What it follows.</param>
    public sealed record Autoscale(string Name, int? To = null, int? Min = null, int? Max = null, ScalingTargets? Target = null) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.Autoscale;
    }

    /// <summary>Removes a service with all its versions.</summary>
    /// <param name="Name">The service's name.</param>
    public sealed record DeleteService(string Name) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.DeleteService;
    }

    /// <summary>
    /// Takes back what one step did to a service, and nothing else: the version before serves again, or the service goes where there was none;
    /// the number of replicas is as before. In no plan: it is what steps on services are undone by.
    /// </summary>
    /// <param name="Name">The service's name.</param>
    /// <param name="Key">Idempotency key of the step.</param>
    public sealed record UndoService(string Name, string Key) : PlanAction
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string ActionName => ActionNames.UndoService;
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
