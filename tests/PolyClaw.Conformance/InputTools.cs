using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Conformance;

/// <summary>Tools that answer with a request for input and go on when the call comes again with it (revision 2026-07-28).</summary>
internal sealed class InputTools
{
    private static readonly StateSeal Seal = new();

    [McpServerTool(Name = "test_input_required_result_elicitation"), Description("Asks the user's name.")]
    public static string AskName(RequestContext<CallToolRequestParams> request) => Greet(request);

    [McpServerTool(Name = "test_incomplete_result_elicitation"), Description("Asks again while the answer is missing.")]
    public static string AskAgain(RequestContext<CallToolRequestParams> request) => Greet(request);

    [McpServerTool(Name = "test_input_required_result_sampling"), Description("Asks the client's model.")]
    public static string AskModel(RequestContext<CallToolRequestParams> request) =>
        Answer(request, "capital_question") is { } answer
            ? $"The model said: {Questions.CompletionOf(answer)}"
            : throw Ask(("capital_question", Questions.Completion("What is the capital of France?")));

    [McpServerTool(Name = "test_input_required_result_list_roots"), Description("Asks for the client's roots.")]
    public static string AskRoots(RequestContext<CallToolRequestParams> request) =>
        Answer(request, "client_roots") is { } answer
            ? $"The client has {Questions.RootsOf(answer)} root(s)."
            : throw Ask(("client_roots", Questions.Roots()));

    [McpServerTool(Name = "test_input_required_result_request_state"), Description("Has the client carry its state.")]
    public static string CarryState(RequestContext<CallToolRequestParams> request) => request.Params.RequestState switch
    {
        null => throw AskWith("carried", ("confirm", Questions.Confirmation())),
        "carried" => "state-ok: the state came back as it went out",
        _ => "state-mismatch: another state came back",
    };

    [McpServerTool(Name = "test_input_required_result_multiple_inputs"), Description("Asks three things at once.")]
    public static string AskThree(RequestContext<CallToolRequestParams> request) =>
        request.Params.InputResponses is { Count: >= 3 }
            ? "multiple-inputs-ok: all three answers came"
            : throw AskWith(
                "three",
                ("user_name", Questions.Text("What is your name?", "name")),
                ("greeting", Questions.Completion("Generate a greeting")),
                ("client_roots", Questions.Roots()));

    [McpServerTool(Name = "test_input_required_result_multi_round"), Description("Asks twice, one after the other.")]
    public static string AskTwice(RequestContext<CallToolRequestParams> request) => request.Params.RequestState switch
    {
        null => throw AskWith("round-1", ("step1", Questions.Text("Step 1: What is your name?", "name"))),
        "round-1" => throw AskWith("round-2", ("step2", Questions.Text("Step 2: What is your favorite color?", "color"))),
        _ => "multi-round-ok",
    };

    [McpServerTool(Name = "test_input_required_result_tampered_state"), Description("Seals its state and refuses another.")]
    public static string SealState(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params.RequestState is not { } state)
            throw AskWith(Seal.Make(), ("confirm", Questions.Confirmation()));
        return Seal.IsOurs(state)
            ? "tampered-state-ok: the state is ours"
            : throw new McpProtocolException("The requestState is not one of ours.", McpErrorCode.InvalidParams);
    }

    [McpServerTool(Name = "test_input_required_result_capabilities"), Description("Asks only what the client can answer.")]
    public static string AskWhatIsPossible(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params.InputResponses is { Count: > 0 })
            return "capability-check-ok: answers came";
        var can = request.JsonRpcRequest.Context?.ClientCapabilities;
        var questions = new Dictionary<string, InputRequest>();
#pragma warning disable MCP9005 // Sampling and roots are deprecated; the suite declares them.
        if (can?.Sampling is not null)
            questions["capital_question"] = Questions.Completion("What is the capital of France?");
        if (can?.Roots is not null)
            questions["client_roots"] = Questions.Roots();
#pragma warning restore MCP9005
        if (can?.Elicitation is not null)
            questions["user_name"] = Questions.Text("What is your name?", "name");
        return questions.Count == 0 ? "capability-check-ok: the client can answer nothing" : throw new InputRequiredException(questions);
    }

    private static string Greet(RequestContext<CallToolRequestParams> request) =>
        Answer(request, "user_name") is { } answer
            ? $"Hello, {Questions.FieldOf(answer, "name") ?? "world"}!"
            : throw Ask(("user_name", Questions.Text("What is your name?", "name")));

    private static InputResponse? Answer(RequestContext<CallToolRequestParams> request, string key) =>
        request.Params.InputResponses?.TryGetValue(key, out var answer) is true ? answer : null;

    private static InputRequiredException Ask(params (string Key, InputRequest Question)[] questions) =>
        new(questions.ToDictionary(question => question.Key, question => question.Question));

    private static InputRequiredException AskWith(string state, params (string Key, InputRequest Question)[] questions) =>
        new(questions.ToDictionary(question => question.Key, question => question.Question), state);
}
