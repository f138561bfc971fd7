using System.Text.Json;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Workloads;
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

    // A replica of a service (tier 2): no stdin, the tenant's network, one port on one address, a log, and it stays.
    private static readonly Dictionary<string, Func<JsonElement, bool>> ReplicaContainer = Changed(
        Container,
        ["OpenStdin", "StdinOnce", "AttachStdin", "AttachStdout", "AttachStderr", "NetworkDisabled"],
        new(StringComparer.Ordinal)
        {
            ["Hostname"] = value => Text(value, text => text.StartsWith("replica-", StringComparison.Ordinal)),
            ["ExposedPorts"] = value => IsPorts(value, exposed => exposed.ValueKind is JsonValueKind.Object && !exposed.EnumerateObject().Any()),
        });

    private static Dictionary<string, Func<JsonElement, bool>> ReplicaHost(string publishedOn) => Changed(
        Host,
        ["AutoRemove", "Runtime"],
        new(StringComparer.Ordinal)
        {
            ["NetworkMode"] = value => Text(value, DockerNetworks.IsOurs),
            ["PortBindings"] = value => IsPorts(value, bindings => IsPublished(bindings, publishedOn)),
            ["IpcMode"] = value => Is(value, "private"),
            ["ShmSize"] = value => Number(value, 0, 64L << 20),
            ["Ulimits"] = value => IsUlimits(value, ("nofile", 16_384), ("core", 0)),
            ["LogConfig"] = IsBoundedLog,
            ["RestartPolicy"] = IsRestart,
            ["Mounts"] = IsVolume,
        });

    // A field that must be there: leaving it out would take the engine's default, which is laxer.
    private static readonly string[] ContainerOptional = ["WorkingDir", "Cmd", "Tty", "Env"];
    private static readonly string[] HostOptional = ["Mounts", "MemorySwappiness", "OomKillDisable", "ShmSize", "Runtime", "MaskedPaths", "ReadonlyPaths", "ConsoleSize"];

    /// <summary>The first thing in a create call that is not allowed, with its path, or nothing.</summary>
    /// <param name="call">The body of the call.</param>
    /// <param name="publishedOn">The one address on which a replica's port may be published: the engine's own of the settings.</param>
    public static Fault? Check(JsonElement call, string publishedOn = "127.0.0.1")
    {
        if (call.ValueKind is not JsonValueKind.Object)
            return Denied("", "the call is no object");
        var replica = call.TryGetProperty("Labels", out var labels) && labels.ValueKind is JsonValueKind.Object
            && labels.TryGetProperty(DockerLabels.Kind, out var kind) && Is(kind, DockerLabels.ServiceKind);
        if (Check(call, "", replica ? ReplicaContainer : Container, ContainerOptional) is { } outer)
            return outer;
        var host = call.GetProperty("HostConfig");
        if (Check(host, "/HostConfig", replica ? ReplicaHost(publishedOn) : Host, HostOptional) is { } inner)
            return inner;
        return host.GetProperty("Memory").GetInt64() == host.GetProperty("MemorySwap").GetInt64()
            ? null
            : Denied("/HostConfig/MemorySwap", "swap beyond the memory limit");
    }

    private static Fault? Check(JsonElement owner, string path, Dictionary<string, Func<JsonElement, bool>> rules, string[] optional)
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
        foreach (var need in rules.Keys)
        {
            if (!optional.Contains(need, StringComparer.Ordinal) && !owner.TryGetProperty(need, out _))
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

    // At most the service's own volume: by our name, with our labels, made by no driver but the engine's own.
    private static bool IsVolume(JsonElement value) =>
        IsEmpty(value)
        || (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 1 && value[0].ValueKind is JsonValueKind.Object
            && value[0].TryGetProperty("Type", out var type) && Is(type, "volume")
            && value[0].TryGetProperty("Source", out var source) && Text(source, name => IsVolumeName(name))
            && value[0].TryGetProperty("Target", out var target) && Text(target, path => IsFolder(path) && path.Split('/')[1] != "tmp")
            && value[0].TryGetProperty("VolumeOptions", out var options) && options.ValueKind is JsonValueKind.Object
            && options.EnumerateObject().All(field => field.NameEquals("Labels") ? IsLabels(field.Value) : IsEmpty(field.Value))
            && value[0].EnumerateObject().All(field => field.Name is "Type" or "Source" or "Target" or "VolumeOptions" || IsEmpty(field.Value)));

    private static bool IsVolumeName(string name) =>
        name.StartsWith("polyclaw-", StringComparison.Ordinal) && name.EndsWith(".data", StringComparison.Ordinal) && name.Length <= 200
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

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

    private static bool IsUlimits(JsonElement value) => IsUlimits(value, ("nofile", 1024), ("core", 0), ("fsize", 64L << 20));

    private static bool IsUlimits(JsonElement value, params (string Name, long Most)[] limits) =>
        value.ValueKind is JsonValueKind.Array
        && value.GetArrayLength() == limits.Length
        && value.EnumerateArray().Zip(limits).All(pair =>
            pair.First.ValueKind is JsonValueKind.Object
            && pair.First.EnumerateObject().Count() == 3
            && pair.First.TryGetProperty("Name", out var name) && Is(name, pair.Second.Name)
            && pair.First.TryGetProperty("Soft", out var soft) && Number(soft, 0, pair.Second.Most)
            && pair.First.TryGetProperty("Hard", out var hard) && Number(hard, 0, pair.Second.Most));

    // Exactly one TCP port.
    private static bool IsPorts(JsonElement value, Func<JsonElement, bool> rule) =>
        value.ValueKind is JsonValueKind.Object
        && value.EnumerateObject().Count() == 1
        && value.EnumerateObject().First() is var port
        && port.Name.EndsWith("/tcp", StringComparison.Ordinal)
        && ushort.TryParse(port.Name.AsSpan(0, port.Name.Length - 4), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
        && number > 0
        && rule(port.Value);

    private static bool IsPublished(JsonElement bindings, string publishedOn) =>
        bindings.ValueKind is JsonValueKind.Array
        && bindings.GetArrayLength() == 1
        && bindings[0].ValueKind is JsonValueKind.Object
        && bindings[0].TryGetProperty("HostIp", out var address) && Is(address, publishedOn)
        && bindings[0].EnumerateObject().All(field => field.NameEquals("HostIp") || (field.NameEquals("HostPort") && Is(field.Value, "")));

    private static bool IsBoundedLog(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object
        && value.EnumerateObject().Count() == 2
        && value.TryGetProperty("Type", out var type) && Is(type, "json-file")
        && value.TryGetProperty("Config", out var config) && config.ValueKind is JsonValueKind.Object
        && config.EnumerateObject().Count() == 2
        && config.TryGetProperty("max-size", out var size) && Is(size, "10m")
        && config.TryGetProperty("max-file", out var files) && Is(files, "3");

    private static bool IsRestart(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object
        && value.EnumerateObject().Count() == 2
        && value.TryGetProperty("Name", out var name) && Is(name, "on-failure")
        && value.TryGetProperty("MaximumRetryCount", out var retries) && Number(retries, 1, 5);

    private static Dictionary<string, Func<JsonElement, bool>> Changed(
        Dictionary<string, Func<JsonElement, bool>> rules, string[] without, Dictionary<string, Func<JsonElement, bool>> other)
    {
        var changed = new Dictionary<string, Func<JsonElement, bool>>(rules, StringComparer.Ordinal);
        foreach (var name in without)
            changed.Remove(name);
        foreach (var (name, rule) in other)
            changed[name] = rule;
        return changed;
    }
}
