using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Hardening;

/// <summary>What a child's environment may hold. Explicit variables only: nothing is inherited, expanded or merged.</summary>
internal static class EnvironmentRules
{
    /// <summary>Most variables a child may have.</summary>
    public const int MaxVariables = 64;

    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 128;

    /// <summary>Longest value, in bytes of UTF-8.</summary>
    public const int MaxValueBytes = 8 * 1024;

    /// <summary>All names and values together, in bytes of UTF-8.</summary>
    public const int MaxTotalBytes = 64 * 1024;

    // Each of these makes a loader, an interpreter or a client run or reach something that its image did not choose.
    private static readonly HashSet<string> Denied = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PROMPT_COMMAND", "IFS",
        "NODE_OPTIONS", "NODE_PATH", "PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME", "PYTHONINSPECT",
        "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "GCONV_PATH", "GLIBC_TUNABLES",
        "DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "DOTNET_SHARED_STORE",
        "CORECLR_ENABLE_PROFILING", "CORECLR_PROFILER", "CORECLR_PROFILER_PATH",
        "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY",
        "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "CONTAINER_HOST",
        "GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXEC_PATH", "GIT_CONFIG_GLOBAL",
    };

    /// <summary>The first thing wrong with an environment, or nothing.</summary>
    /// <param name="env">Name → value.</param>
    public static Fault? Check(IReadOnlyDictionary<string, string> env)
    {
        if (env.Count > MaxVariables)
            return Wrong("/env", $"{env.Count} variables", $"at most {MaxVariables}");
        long total = 0;
        foreach (var (name, value) in env)
        {
            if (CheckName(name) is { } bad)
                return bad;
            var path = "/env/" + name;
            // A null can only come from a caller that went around the compiler's null checks.
            if (value is null)
                return Wrong(path, "no value", "a text, or leave the variable out");
            if (value.AsSpan().IndexOfAny('\0', '\n', '\r') is var at and >= 0)
                return Wrong(path, $"U+{(int)value[at]:X4} at index {at}", "one line of text");
            var bytes = System.Text.Encoding.UTF8.GetByteCount(value);
            if (bytes > MaxValueBytes)
                return Wrong(path, $"{bytes} bytes", $"at most {MaxValueBytes} bytes; hand larger data over as a file");
            total += bytes + name.Length + 2;
        }
        return total > MaxTotalBytes ? Wrong("/env", $"{total} bytes in all", $"at most {MaxTotalBytes} bytes") : null;
    }

    /// <summary>Whether a name is one that no child may have.</summary>
    /// <param name="name">The variable's name.</param>
    public static bool IsDenied(string name) =>
        Denied.Contains(name)
        || name.StartsWith("LD_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DYLD_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("POLYCLAW_", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name is well formed: <c>^[A-Za-z_][A-Za-z0-9_]{0,127}$</c>.</summary>
    /// <param name="name">The variable's name.</param>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxName || !(char.IsAsciiLetter(name[0]) || name[0] == '_'))
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                return false;
        }
        return true;
    }

    private static Fault? CheckName(string name)
    {
        if (!IsName(name))
            return Wrong("/env", $"the name {LaunchRules.Show(name)}", $"letters, digits and _, not starting with a digit, at most {MaxName}");
        return IsDenied(name)
            ? Wrong("/env/" + name, "a variable that loaders, interpreters or clients obey", "leave it out; what the program needs belongs in its image or its arguments")
            : null;
    }

    private static Fault Wrong(string path, string met, string right) => new("invalid_env", "environment: " + met, path, right);
}
