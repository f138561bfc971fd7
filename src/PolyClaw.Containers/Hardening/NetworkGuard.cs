using System.Text.Json;
using PolyClaw.Containers.Workloads;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Hardening;

/// <summary>Reads every call that makes a network: a plain bridge with our name and labels, and nothing else.</summary>
internal static class NetworkGuard
{
    /// <summary>The first thing in a call that is not allowed, with its path, or nothing.</summary>
    /// <param name="call">The body of the call.</param>
    public static Fault? Check(JsonElement call)
    {
        if (call.ValueKind is not JsonValueKind.Object)
            return Denied("", "the call is no object");
        foreach (var field in call.EnumerateObject())
        {
            var good = field.Name switch
            {
                "Name" => field.Value.ValueKind is JsonValueKind.String && DockerNetworks.IsOurs(field.Value.GetString()!),
                "Driver" => field.Value.ValueEquals("bridge"),
                "Scope" => field.Value.ValueKind is JsonValueKind.Null || field.Value.ValueEquals("") || field.Value.ValueEquals("local"),
                "CheckDuplicate" => field.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "Labels" => IsLabels(field.Value),
                _ => IsEmpty(field.Value),
            };
            if (!good)
                return Denied("/" + field.Name, LaunchRules.Show(field.Value.GetRawText()));
        }

        foreach (var need in (string[])["Name", "Driver", "Labels"])
        {
            if (!call.TryGetProperty(need, out _))
                return Denied("/" + need, "missing");
        }

        return null;
    }

    private static bool IsLabels(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object
        && value.EnumerateObject().All(label => label.Name.StartsWith("polyclaw.", StringComparison.Ordinal) && label.Value.ValueKind is JsonValueKind.String)
        && value.TryGetProperty("polyclaw.instance", out var instance) && !instance.ValueEquals("");

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.String => value.ValueEquals(""),
        _ => false,
    };

    private static Fault Denied(string path, string met) =>
        new("hardening_violation", "a network that this house does not make: " + met, path, "a bridge with our name and labels alone");
}
