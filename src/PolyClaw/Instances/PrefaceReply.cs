namespace PolyClaw.Instances;

/// <summary>What an instance answers to a client's preface.</summary>
internal static class PrefaceReply
{
    /// <summary>Decides the answer.</summary>
    /// <param name="asked">The client's preface.</param>
    /// <param name="own">The instance's build.</param>
    /// <param name="options">The options in force.</param>
    /// <param name="busy">Whether a run, another connection or a listener needs this instance.</param>
    public static PrefaceAnswer To(Preface asked, BuildId own, IReadOnlyDictionary<string, string> options, bool busy)
    {
        var answer = new PrefaceAnswer(own.ToString(), Environment.ProcessId);
        var caller = BuildId.Parse(asked.Build);
        if (!busy && caller?.IsNewerThan(own) == true)
            return answer with { Yields = true };
        if (GivenOptions.Differences(options, asked.Options) is { Count: > 0 } differ)
            return answer with
            {
                Note = $"the instance was started with other values of {string.Join(", ", differ)}; its own are in force. 'polyclaw stop' ends it, and the next start takes yours",
            };
        return asked.Build == own.ToString()
            ? answer
            : answer with { Note = $"the instance is another build ({own.Version}) and is used as it is; 'polyclaw stop' ends it, and the next start takes this one" };
    }
}
