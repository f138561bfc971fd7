using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Hardening;

/// <summary>
/// A second pair of eyes on every create call, on the bytes that go out: a field it does not know must be absent or empty, and a field it
/// knows must hold what SECURITY.md §3 says. It shares no value with the compiler on purpose.
/// </summary>
internal static class HostConfigGuard
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Container = new(StringComparer.Ordinal)
    {
        // The client library sends the name both in the query and here; the engine reads the query.
        ["Name"] = value => Text(value, text => text.StartsWith("polyclaw-", StringComparison.Ordinal)),
        ["Image"] = value => Text(value, text => Images.ImageReference.TryParse(text, out _)),
        ["User"] = value => Is(value, "65532:65532"),
        ["WorkingDir"] = value => Is(value, "") || Is(value, "/tmp"),
        ["Env"] = value => All(value, IsVariable),
        ["Cmd"] = value => IsNull(value) || All(value, text => !text.Contains('\0', StringComparison.Ordinal)),
        ["Tty"] = value => value.ValueKind is JsonValueKind.False,
        ["OpenStdin"] = IsTrue,
        ["StdinOnce"] = IsTrue,
        ["AttachStdin"] = IsTrue,
        ["AttachStdout"] = IsTrue,
        ["AttachStderr"] = IsTrue,
        ["NetworkDisabled"] = IsTrue,
        ["StopSignal"] = value => Is(value, "SIGTERM"),
        ["StopTimeout"] = value => Number(value, 5, 5),
        ["Hostname"] = value => Is(value, "sandbox"),
        ["Labels"] = IsLabels,
        ["HostConfig"] = value => value.ValueKind is JsonValueKind.Object,
    };

    private static readonly Dictionary<string, Func<JsonElement, bool>> Host = new(StringComparer.Ordinal)
    {
        ["NetworkMode"] = value => Is(value, "none"),
        ["ReadonlyRootfs"] = IsTrue,
        ["CapDrop"] = value => IsList(value, "ALL"),
        ["SecurityOpt"] = value => IsList(value, "no-new-privileges:true"),
        ["PidsLimit"] = value => Number(value, 1, LaunchRules.MaxPids),
        ["Memory"] = value => Number(value, LaunchRules.MinMemory, LaunchRules.MaxMemory),
        ["MemorySwap"] = value => Number(value, LaunchRules.MinMemory, LaunchRules.MaxMemory),
        ["MemorySwappiness"] = value => IsNull(value) || Number(value, 0, 0),
        ["NanoCpus"] = value => Number(value, LaunchRules.MinNanoCpus, LaunchRules.MaxNanoCpus),
        ["CpuShares"] = value => Number(value, 256, 256),
        ["OomKillDisable"] = value => value.ValueKind is JsonValueKind.False,
        ["OomScoreAdj"] = value => Number(value, 500, 1000),
        ["Init"] = IsTrue,
        ["IpcMode"] = value => Is(value, "none") || Is(value, "private"),
        ["ShmSize"] = value => Number(value, 0, 16L << 20),
        ["CgroupnsMode"] = value => Is(value, "private"),
        ["Tmpfs"] = IsTmpfs,
        ["Ulimits"] = IsUlimits,
        ["LogConfig"] = value => Names(value, "Type", "none"),
        ["RestartPolicy"] = value => Names(value, "Name", "no"),
        ["AutoRemove"] = IsTrue,
        ["Runtime"] = value => IsNull(value) || Is(value, "") || Is(value, "runsc"),
        // Empty lists here would lift the engine's own masks over /proc and /sys; only silence keeps them.
        ["MaskedPaths"] = IsNull,
        ["ReadonlyPaths"] = IsNull,
        ["ConsoleSize"] = value => IsNull(value) || (value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(IsEmpty)),
    };

    // A field that must be there: leaving it out would take the engine's default, which is laxer.
    private static readonly string[] ContainerNeeds = [.. Container.Keys.Except(["WorkingDir", "Cmd", "Tty", "Env"])];
    private static readonly string[] HostNeeds = [.. Host.Keys.Except(["MemorySwappiness", "OomKillDisable", "ShmSize", "Runtime", "MaskedPaths", "ReadonlyPaths", "ConsoleSize"])];

    /// <summary>The first thing in a create call that is not allowed, with its path, or nothing.</summary>
    /// <param name="call">The body of the call.</param>
    public static Fault? Check(JsonElement call)
    {
        if (call.ValueKind is not JsonValueKind.Object)
            return Denied("", "the call is no object");
        if (Check(call, "", Container, ContainerNeeds) is { } outer)
            return outer;
        var host = call.GetProperty("HostConfig");
        if (Check(host, "/HostConfig", Host, HostNeeds) is { } inner)
            return inner;
        return host.GetProperty("Memory").GetInt64() == host.GetProperty("MemorySwap").GetInt64()
            ? null
            : Denied("/HostConfig/MemorySwap", "swap beyond the memory limit");
    }

    private static Fault? Check(JsonElement owner, string path, Dictionary<string, Func<JsonElement, bool>> rules, string[] needs)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in owner.EnumerateObject())
        {
            // The engine reads names without regard to case and lets the last one win: two spellings of one field are a trick.
            if (!seen.Add(field.Name))
                return Denied(path + "/" + field.Name, "given twice");
            if (!(rules.TryGetValue(field.Name, out var rule) ? rule(field.Value) : IsEmpty(field.Value)))
                return Denied(path + "/" + field.Name, Cut(field.Value.GetRawText()));
        }
        foreach (var need in needs)
        {
            if (!owner.TryGetProperty(need, out _))
                return Denied(path + "/" + need, "missing");
        }
        return null;
    }

    private static Fault Denied(string path, string met) =>
        new("hardening_violation", "the container would not be confined: " + met, path, "only what SECURITY.md §3 lists may leave the house");

    private static string Cut(string text) => LaunchRules.Show(text.Length <= 120 ? text : text[..120]);

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetInt64(out var number) && number == 0,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static bool IsNull(JsonElement value) => value.ValueKind is JsonValueKind.Null;

    private static bool IsTrue(JsonElement value) => value.ValueKind is JsonValueKind.True;

    private static bool Is(JsonElement value, string text) => value.ValueKind is JsonValueKind.String && value.ValueEquals(text);

    private static bool Text(JsonElement value, Func<string, bool> rule) => value.ValueKind is JsonValueKind.String && rule(value.GetString()!);

    private static bool Number(JsonElement value, long least, long most) =>
        value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most;

    private static bool All(JsonElement value, Func<string, bool> rule) =>
        value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(item => Text(item, rule));

    private static bool IsList(JsonElement value, string only) =>
        value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 1 && Is(value[0], only);

    // /tmp, and at most four folders that an image calls its volumes; none of them where the kernel or the engine speaks to the child.
    private static bool IsTmpfs(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object
        && value.TryGetProperty("/tmp", out _)
        && value.EnumerateObject().Count() <= 5
        && value.EnumerateObject().All(place => IsFolder(place.Name) && Is(place.Value, "rw,noexec,nosuid,nodev,size=64m,mode=1777"));

    private static bool IsFolder(string path) =>
        path is ['/', not '/', ..] && path[^1] != '/'
        && path.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && path.AsSpan().IndexOfAny(':', ',', '\\') < 0
        && path[1..].Split('/') is var names && names.All(name => name is not ("" or "." or ".."))
        && names[0] is not ("proc" or "sys" or "dev" or "etc");

    // An object whose one field that says anything says this.
    private static bool Names(JsonElement value, string key, string text) =>
        value.ValueKind is JsonValueKind.Object
        && value.TryGetProperty(key, out _)
        && value.EnumerateObject().All(field => field.NameEquals(key) ? Is(field.Value, text) : IsEmpty(field.Value));

    private static bool IsVariable(string variable)
    {
        var equals = variable.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || variable.AsSpan().IndexOfAny('\0', '\n', '\r') >= 0)
            return false;
        var name = variable[..equals];
        return EnvironmentRules.IsName(name)
            && (!EnvironmentRules.IsDenied(name) || variable == "PATH=/usr/local/bin:/usr/bin:/bin");
    }

    private static bool IsLabels(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object
        && value.EnumerateObject().All(label => label.Name.StartsWith("polyclaw.", StringComparison.Ordinal) && label.Value.ValueKind is JsonValueKind.String)
        && value.TryGetProperty("polyclaw.instance", out var instance) && !instance.ValueEquals("");

    private static bool IsUlimits(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() != 3)
            return false;
        long[] most = [1024, 0, 64L << 20];
        string[] names = ["nofile", "core", "fsize"];
        return value.EnumerateArray().Select((limit, index) => (limit, index)).All(pair =>
            pair.limit.ValueKind is JsonValueKind.Object
            && pair.limit.EnumerateObject().Count() == 3
            && pair.limit.TryGetProperty("Name", out var name) && Is(name, names[pair.index])
            && pair.limit.TryGetProperty("Soft", out var soft) && Number(soft, 0, most[pair.index])
            && pair.limit.TryGetProperty("Hard", out var hard) && Number(hard, 0, most[pair.index]));
    }
}
