using System.Globalization;
using Docker.DotNet.Models;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Hardening;

/// <summary>What an engine is, for <c>doctor</c> and for views.</summary>
/// <param name="Endpoint">Its address and where that came from.</param>
/// <param name="Engine">Engine version.</param>
/// <param name="Api">Newest API it speaks.</param>
/// <param name="Containerd">Version of containerd; empty when not told.</param>
/// <param name="Runc">Version of runc; empty when not told.</param>
/// <param name="CgroupVersion"><c>1</c> or <c>2</c>.</param>
/// <param name="SecurityOptions">What it confines with: seccomp, AppArmor, user namespaces, rootless.</param>
/// <param name="Runtimes">Its OCI runtimes by name.</param>
/// <param name="Rootless">It runs without root.</param>
/// <param name="Warnings">What is weak about it, each with what would help.</param>
public sealed record EngineFacts(
    string Endpoint,
    string Engine,
    string Api,
    string Containerd,
    string Runc,
    string CgroupVersion,
    IReadOnlyList<string> SecurityOptions,
    IReadOnlyList<string> Runtimes,
    bool Rootless,
    IReadOnlyList<string> Warnings)
{
    /// <summary>One line: engine, runc and cgroup versions.</summary>
    public string Summary => $"Docker {Engine}, API {Api}, runc {(Runc.Length == 0 ? "unknown" : Runc)}, cgroup v{CgroupVersion}{(Rootless ? ", rootless" : "")}";

    /// <summary>The engine's clock when it was asked, as its events take it: whole seconds.</summary>
    internal string Since { get; init; } = "0";

    /// <summary>What hardening needs to know.</summary>
    internal EngineTraits Traits => new(Runtimes.Contains("runsc", StringComparer.Ordinal), CgroupVersion == "1");

    /// <summary>Reads an engine's own account of itself.</summary>
    internal static EngineFacts Read(DockerEndpoint endpoint, VersionResponse version, SystemInfoResponse info)
    {
        var runc = Component(version, "runc");
        var options = (info.SecurityOptions ?? []).Select(DockerFaults.OneLine).ToArray();
        var rootless = options.Contains("name=rootless", StringComparer.Ordinal);
        return new(
            endpoint.ToString(),
            DockerFaults.OneLine(version.Version),
            DockerFaults.OneLine(version.APIVersion),
            Component(version, "containerd"),
            runc,
            // Engines before 20.10 do not say, and know version 1 alone.
            string.IsNullOrEmpty(info.CgroupVersion) ? "1" : DockerFaults.OneLine(info.CgroupVersion),
            options,
            [.. (info.Runtimes?.Keys ?? []).Select(DockerFaults.OneLine).Order(StringComparer.Ordinal)],
            rootless,
            [.. Warn(runc, options, info)])
        {
            Since = DateTimeOffset.TryParse(info.SystemTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now)
                ? now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
                : "0",
        };
    }

    /// <summary>Whether a runc is open to escapes that are published: older than 1.2.8, or 1.3 before 1.3.3.</summary>
    /// <param name="version">As the engine tells it, suffixes and all.</param>
    internal static bool IsOldRunc(string version)
    {
        var numbers = version.TrimStart('v').Split('.', 3);
        if (numbers.Length < 3 || !Leading(numbers[0], out var major) || !Leading(numbers[1], out var minor) || !Leading(numbers[2], out var patch))
            return false;
        return (major, minor) switch
        {
            ( < 1, _) or (1, < 2) => true,
            (1, 2) => patch < 8,
            (1, 3) => patch < 3,
            _ => false,
        };
    }

    private static IEnumerable<string> Warn(string runc, string[] options, SystemInfoResponse info)
    {
        if (runc.Length == 0)
            yield return "the engine does not tell its runc version: whether published escapes are closed is unknown";
        else if (IsOldRunc(runc))
            yield return $"runc {runc} is open to published container escapes (CVE-2025-31133, -52565, -52881): update to 1.2.8, 1.3.3 or newer";
        if (!options.Any(option => option.StartsWith("name=seccomp", StringComparison.Ordinal)))
            yield return "the engine confines no system calls (no seccomp): use a kernel and an engine that do";
        else if (options.Any(option => option.Contains("unconfined", StringComparison.Ordinal)))
            yield return "the engine's default seccomp profile is unconfined: remove seccomp-profile from its settings";
        if (!options.Any(option => option is "name=apparmor" or "name=selinux"))
            yield return "neither AppArmor nor SELinux is in force on the engine's machine";
        if (!info.MemoryLimit || !info.PidsLimit || !info.CPUCfsQuota)
            yield return "the engine cannot enforce every limit (memory, processes, processor): enable these cgroup controllers";
    }

    private static string Component(VersionResponse version, string name) =>
        DockerFaults.OneLine(version.Components?.FirstOrDefault(part => part.Name == name)?.Version ?? "");

    private static bool Leading(string text, out int number)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        return int.TryParse(text.AsSpan(0, length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
