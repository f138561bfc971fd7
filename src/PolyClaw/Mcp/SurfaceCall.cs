using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Mcp;

/// <summary>A call of one of our tools: who calls, how to tell it of progress, whether it can ask its person.</summary>
internal sealed class SurfaceCall(RequestContext<CallToolRequestParams> request)
{
    private const string Question = "input";
    private readonly ProgressTelling _progress = new(request.Server, request.Params.ProgressToken);

    public Principal Principal { get; } = Callers.Of(request);

    private ClientCapabilities? Client => request.JsonRpcRequest.Context?.ClientCapabilities ?? request.Server.ClientCapabilities;

    /// <summary>Everything reported so far is written; an answer that overtook it would make it worthless.</summary>
    public Task Told => _progress.Told;

    /// <summary>Tells the client how far a run is, if it asked to be told.</summary>
    public void Report(RunView run)
    {
        if (!_progress.IsWanted)
            return;
        var ended = run.Plan.Count(s => s.Status is not (StepStatus.Planned or StepStatus.Allowed or StepStatus.Running));
        var now = run.Plan.LastOrDefault(s => s.Status == StepStatus.Running);
        _progress.Tell(ended, run.Plan.Count > 0 ? run.Plan.Count : null, now is null ? Core.Wire.Name(run.Status) : $"{now.Id}: {now.Message ?? now.Action}");
    }

    /// <summary>Whether an earlier round of this call asked something: then it must begin nothing anew.</summary>
    public bool IsAgain => request.Params.RequestState is not null;

    /// <summary>Whether the client says that it can put a question to its person.</summary>
    public bool CanAsk => Client?.Elicitation is not null;

    /// <summary>What the call came again with; nothing when its state does not count, and then why.</summary>
    public (CallAgain? Again, Fault? Fault) Again(RequestSeal seal)
    {
        var (run, inputId, fault) = seal.Open(Principal, request.Params.Name, request.Params.RequestState ?? "");
        return fault is null ? (new CallAgain(run, inputId, Answer()), null) : (null, fault);
    }

    /// <summary>Asks the person through the client, where it can; the call comes again with the answer.</summary>
    /// <exception cref="InputRequiredException">Always, when the client can ask.</exception>
    public void AskPerson(RunView run, RequestSeal seal)
    {
        if (run.PendingInput is not { } pending || !CanAsk || !request.Server.IsMrtrSupported || !RunId.TryParse(run.RunId, out var id))
            return;
        var schema = new ElicitRequestParams.RequestSchema();
        if (pending.Kind == InputKind.Approval)
            schema.Properties["approve"] = new ElicitRequestParams.BooleanSchema { Title = "Approve", Description = "Allow exactly this, once" };
        else if (pending.Choices is { Count: > 0 } choices)
            schema.Properties["answer"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Title = "Answer", Enum = [.. choices] };
        else
            schema.Properties["answer"] = new ElicitRequestParams.StringSchema { Title = "Answer" };
        throw new InputRequiredException(
            new Dictionary<string, InputRequest> { [Question] = InputRequest.ForElicitation(new() { Message = pending.Shown, RequestedSchema = schema }) },
            requestState: seal.Close(Principal, request.Params.Name, id, pending.InputId));
    }

    private PersonAnswer? Answer()
    {
        if (request.Params.InputResponses is not { } responses || !responses.TryGetValue(Question, out var response))
            return null;
        if (response.Deserialize(InputResponse.ElicitResultJsonTypeInfo) is not { } elicited)
            return null;
        if (!elicited.IsAccepted)
            return new PersonAnswer(elicited.Action == "decline" ? false : null, null);
        var content = elicited.Content ?? new Dictionary<string, JsonElement>();
        return new PersonAnswer(
            content.TryGetValue("approve", out var approve) && approve.ValueKind is JsonValueKind.True or JsonValueKind.False ? approve.GetBoolean() : null,
            content.TryGetValue("answer", out var answer) && answer.ValueKind == JsonValueKind.String ? answer.GetString() : null);
    }
}
