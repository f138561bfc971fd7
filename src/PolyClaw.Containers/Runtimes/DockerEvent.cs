using System.Text.Json;

namespace PolyClaw.Containers.Runtimes;

/// <summary>Something that happened to a container.</summary>
/// <param name="Container">Its id.</param>
/// <param name="Kind"><c>die</c>, <c>oom</c> or <c>destroy</c>.</param>
/// <param name="ExitCode">With <c>die</c>: how it ended.</param>
/// <param name="Time">When, as the engine's <c>since</c> takes it.</param>
internal sealed record DockerEvent(string Container, string Kind, int? ExitCode, string? Time)
{
    /// <summary>Reads one line of the engine's events.</summary>
    /// <param name="line">A JSON object.</param>
    /// <returns>The event, or nothing when the line tells of something else.</returns>
    public static DockerEvent? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind is not JsonValueKind.Object
                || !root.TryGetProperty("Action", out var action) || action.ValueKind is not JsonValueKind.String
                || !root.TryGetProperty("Actor", out var actor) || actor.ValueKind is not JsonValueKind.Object
                || !actor.TryGetProperty("ID", out var id) || id.ValueKind is not JsonValueKind.String)
                return null;
            int? code = actor.TryGetProperty("Attributes", out var attributes) && attributes.ValueKind is JsonValueKind.Object
                && attributes.TryGetProperty("exitCode", out var exit) && exit.ValueKind is JsonValueKind.String
                && int.TryParse(exit.GetString(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : null;
            var time = root.TryGetProperty("timeNano", out var nano) && nano.ValueKind is JsonValueKind.Number && nano.TryGetInt64(out var since)
                ? $"{since / 1_000_000_000}.{since % 1_000_000_000:D9}"
                : null;
            return new(id.GetString()!, action.GetString()!, code, time);
        }
        catch (JsonException)
        {
            // Half a line, because the engine went away in the middle of it: the reconnection asks again from the last whole one.
            return null;
        }
    }
}
