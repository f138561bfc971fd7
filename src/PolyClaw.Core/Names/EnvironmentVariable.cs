using System.Collections.Frozen;
using System.Text;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Names;

/// <summary>
/// Environment variables of a child: key <c>^[A-Za-z_][A-Za-z0-9_]{0,127}$</c>, value at most 8 KiB without control characters.
/// Keys that change which code runs or whom it talks to are refused whatever their case.
/// </summary>
public static class EnvironmentVariable
{
    private const int LongestKey = 128;
    private const int LargestValueBytes = 8 * 1024;

    private static readonly FrozenSet<string> Refused = new[]
    {
        "PATH", "NODE_OPTIONS", "NODE_PATH", "PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME", "BASH_ENV", "ENV", "IFS", "PERL5OPT", "PERL5LIB",
        "RUBYOPT", "RUBYLIB", "DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "CORECLR_ENABLE_PROFILING", "CORECLR_PROFILER",
        "CORECLR_PROFILER_PATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
        "NO_PROXY", "DOCKER_HOST",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] RefusedPrefixes = ["LD_", "POLYCLAW_", "BASH_FUNC_"];

    /// <summary>Judges a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="path">Where it stands, a JSON pointer.</param>
    /// <returns>What is wrong, or nothing.</returns>
    public static Fault? CheckKey(string? key, string path)
    {
        var problem = string.IsNullOrEmpty(key) ? "it is empty"
            : CodePoints.FirstBad(key, static c => char.IsAsciiLetterOrDigit(c) || c == '_') is { } bad ? bad + " is not allowed"
            : char.IsAsciiDigit(key[0]) ? $"U+{(int)key[0]:X4} '{key[0]}' at position 1 is not allowed"
            : key.Length > LongestKey ? $"it has {key.Length} characters"
            : null;
        if (problem is not null)
            return new Fault("invalid_env", $"{CodePoints.Show(key)} is no environment key: {problem}", path, $"a letter or '_', then up to {LongestKey - 1} letters, digits or '_', for example SALES_REGION");
        return IsRefused(key!)
            ? new Fault("invalid_env", $"environment key {CodePoints.Show(key)} is not allowed: it changes which code a child runs or where it connects", path, "leave it out")
            : null;
    }

    /// <summary>Judges a value. It is never expanded, so text that waits for expansion is refused rather than handed on.</summary>
    /// <param name="value">The value; it may be empty.</param>
    /// <param name="path">Where it stands, a JSON pointer.</param>
    /// <returns>What is wrong, or nothing. The value itself is not repeated in the message.</returns>
    public static Fault? CheckValue(string? value, string path)
    {
        if (value is null)
            return new Fault("invalid_env", "the value is missing", path, "an empty text is allowed");
        var bytes = Encoding.UTF8.GetByteCount(value);
        if (bytes > LargestValueBytes)
            return new Fault("invalid_env", $"the value has {bytes} bytes", path, $"at most {LargestValueBytes} bytes");
        foreach (var character in value)
        {
            if (char.IsControl(character) && character != '\t')
                return new Fault("invalid_env", $"the value holds the control character U+{(int)character:X4}", path, "one line of text");
        }

        return value.Contains("${", StringComparison.Ordinal)
            ? new Fault("invalid_env", "the value holds ${, and nothing in an environment is expanded", path, "write the value itself")
            : null;
    }

    private static bool IsRefused(string key) =>
        Refused.Contains(key) || RefusedPrefixes.Any(p => key.StartsWith(p, StringComparison.OrdinalIgnoreCase));
}
