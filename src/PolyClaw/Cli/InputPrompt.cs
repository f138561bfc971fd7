using System.Text.Json.Nodes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Cli;

/// <summary>Puts a run's question to the person at the terminal.</summary>
internal static class InputPrompt
{
    /// <summary>Asks until an answer is accepted.</summary>
    /// <returns>False when the person ended the input: then the question stays open.</returns>
    public static async Task<bool> AnswerAsync(InstanceClient client, RunView run, CancellationToken cancellationToken)
    {
        var pending = run.PendingInput!;
        Terminal.Line("");
        Terminal.Line(pending.Shown);
        var choices = pending.Choices is { Count: > 0 } some ? some : null;
        while (true)
        {
            var arguments = new JsonObject { ["run_id"] = run.RunId, ["input_id"] = pending.InputId };
            var prompt = pending.Kind == InputKind.Approval ? "Approve? [y/n]" : choices is null ? "Answer:" : $"One of {string.Join(", ", choices)}:";
            if (await Terminal.AskAsync(prompt, cancellationToken) is not { } typed)
                return false;
            if (pending.Kind != InputKind.Approval)
                arguments["answer"] = typed;
            else if (Approval(typed) is { } approve)
                arguments["approve"] = approve;
            else
                continue;
            var result = await client.CallAsync("answer_run", arguments, cancellationToken);
            if (result.IsError != true)
                return true;
            var fault = InstanceClient.FaultOf(result);
            Terminal.Error(fault);
            if (fault.Code is not ("answer_missing" or "answer_unknown" or "answer_too_long"))
                return true; // Somebody else answered, or the run ended: look again.
        }
    }

    private static bool? Approval(string typed) => typed.Trim().ToUpperInvariant() switch
    {
        "Y" or "YES" => true,
        "N" or "NO" => false,
        _ => null,
    };
}
