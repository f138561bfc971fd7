using System.Text;
using System.Text.Json;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Runtimes;

/// <summary>The table of hardened container settings, against what an engine says of a container.</summary>
internal static class HardeningTable
{
    /// <summary>Fails where the container is not what the table says.</summary>
    /// <param name="seen">The engine's inspection.</param>
    /// <param name="launch">What was launched.</param>
    /// <param name="instance">Whose it is.</param>
    public static void Holds(JsonElement seen, ChildLaunch launch, string instance)
    {
        var server = launch.Tier == HardeningTier.ChildServer;
        var config = seen.GetProperty("Config");
        var host = seen.GetProperty("HostConfig");

        Equal(config, "User", "\"65532:65532\"");
        Equal(config, "WorkingDir", server ? "\"\"" : "\"/tmp\"");
        Equal(config, "Env", server ? "[\"HOME=/tmp\"]" : "[\"HOME=/tmp\",\"PATH=/usr/local/bin:/usr/bin:/bin\"]");
        Equal(config, "Tty", "false");
        Equal(config, "OpenStdin", "true");
        Equal(config, "StdinOnce", "true");
        Equal(config, "AttachStdin", "true");
        Equal(config, "AttachStdout", "true");
        Equal(config, "AttachStderr", "true");
        Equal(config, "NetworkDisabled", "true");
        Equal(config, "StopSignal", "\"SIGTERM\"");
        Equal(config, "StopTimeout", "5");
        Equal(config, "Hostname", "\"sandbox\"");
        var labels = config.GetProperty("Labels");
        Equal(labels, "polyclaw.instance", $"\"{instance}\"");
        Equal(labels, "polyclaw.tenant", $"\"{launch.Tenant}\"");
        Equal(labels, "polyclaw.server", $"\"{launch.Server}\"");
        Equal(labels, "polyclaw.run", $"\"{launch.RunId}\"");
        Equal(labels, "polyclaw.step-key", $"\"{launch.Key}\"");
        Equal(labels, "polyclaw.spec-sha256", $"\"{launch.SpecSha256}\"");
        Equal(labels, "polyclaw.kind", server ? "\"server\"" : "\"tool\"");

        Equal(host, "NetworkMode", "\"none\"");
        Equal(host, "ReadonlyRootfs", "true");
        Equal(host, "Privileged", "false");
        Equal(host, "CapDrop", "[\"ALL\"]");
        Empty(host, "CapAdd");
        Equal(host, "SecurityOpt", "[\"no-new-privileges:true\"]");
        Equal(host, "PidsLimit", $"{launch.Pids}");
        Equal(host, "Memory", $"{launch.MemoryBytes}");
        Equal(host, "MemorySwap", $"{launch.MemoryBytes}");
        Equal(host, "NanoCpus", $"{launch.NanoCpus}");
        Equal(host, "CpuShares", "256");
        Equal(host, "OomScoreAdj", "500");
        Equal(host, "Init", "true");
        Equal(host, "IpcMode", server ? "\"private\"" : "\"none\"");
        if (server)
            Equal(host, "ShmSize", "16777216");
        Equal(host, "CgroupnsMode", "\"private\"");
        Equal(host, "Tmpfs", "{\"/tmp\":\"rw,noexec,nosuid,nodev,size=64m,mode=1777\"}");
        Equal(host.GetProperty("LogConfig"), "Type", "\"none\"");
        Equal(host.GetProperty("RestartPolicy"), "Name", "\"no\"");
        // DESIGN.md, Runtimes: a child goes with its attach stream.
        Equal(host, "AutoRemove", "true");
        Assert.Equal(
            ["core 0 0", "fsize 67108864 67108864", "nofile 1024 1024"],
            host.GetProperty("Ulimits").EnumerateArray().Select(limit => $"{limit.GetProperty("Name").GetString()} {limit.GetProperty("Soft").GetInt64()} {limit.GetProperty("Hard").GetInt64()}").Order(StringComparer.Ordinal));
        foreach (var field in new[] { "Binds", "Mounts", "VolumesFrom", "Devices", "DeviceRequests", "DeviceCgroupRules", "GroupAdd", "ExtraHosts", "Dns", "Links", "PublishAllPorts", "PortBindings", "Sysctls", "CgroupParent", "PidMode", "UTSMode", "UsernsMode", "OomKillDisable", "StorageOpt", "VolumeDriver" })
            Empty(host, field);
        Assert.Contains(Text(host, "Runtime"), new[] { "\"runc\"", "\"runsc\"" });
        // The engine's own masks over /proc and /sys are in force.
        Assert.Contains("/proc/kcore", host.GetProperty("MaskedPaths").EnumerateArray().Select(item => item.GetString()));
        Assert.Contains("/proc/sys", host.GetProperty("ReadonlyPaths").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal("", seen.GetProperty("LogPath").GetString());
        Assert.DoesNotContain(seen.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject(), network => network.Name != "none");
    }

    private static void Equal(JsonElement owner, string field, string json) => Assert.Equal(field + " = " + json, field + " = " + Text(owner, field));

    private static string Text(JsonElement owner, string field)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            owner.GetProperty(field).WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Empty(JsonElement owner, string field)
    {
        if (owner.TryGetProperty(field, out _))
            Assert.Contains(Text(owner, field), new[] { "null", "[]", "{}", "\"\"", "false", "0" });
    }
}
