using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace PolyClaw.Core.Schemas.Values;

/// <summary>A pattern as JSON Schema has it (ECMA-262, Unicode mode), run in linear time wherever it can be.</summary>
internal sealed class EcmaPattern
{
    /// <summary>Longest pattern, in UTF-16 units.</summary>
    internal const int MaxLength = 4096;

    // For patterns that must backtrack, and that the caller allowed to.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    // Linear work over a bounded text ends by itself; a short limit would only refuse good values on a machine that is busy elsewhere.
    private static readonly TimeSpan LinearLimit = TimeSpan.FromSeconds(5);

    private readonly Regex _regex;

    private EcmaPattern(string source, Regex regex, int states) => (Source, _regex, States) = (source, regex, states);

    /// <summary>The pattern as the schema wrote it.</summary>
    internal string Source { get; }

    /// <summary>Whether it runs in time linear in the text.</summary>
    internal bool IsLinear => (_regex.Options & RegexOptions.NonBacktracking) != 0;

    internal static bool TryCompile(
        string source, bool allowBacktracking, [NotNullWhen(true)] out EcmaPattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        if (source.Length > MaxLength)
        {
            problem = $"it is longer than {MaxLength} characters";
            return false;
        }

        var translator = new EcmaTranslator(source);
        var translated = translator.Translate();
        problem = translator.Problem;
        if (translated is null)
        {
            problem ??= "it is not a regular expression";
            return false;
        }

        if (translator.NeedsBacktracking && !allowBacktracking)
        {
            problem = "lookaround and back references are not allowed here, because they cannot run in linear time";
            return false;
        }

        try
        {
            pattern = new EcmaPattern(source, Build(translated, translator.NeedsBacktracking, allowBacktracking), translator.States);
            problem = null;
            return true;
        }
        catch (RegexParseException fault)
        {
            problem = $"it is not a regular expression: {fault.Error}";
            return false;
        }
        catch (NotSupportedException)
        {
            problem = "it unfolds to too many states to run in linear time; use minLength and maxLength for a length";
            return false;
        }
    }

    /// <summary>About how many states it unfolds to.</summary>
    internal int States { get; }

    /// <summary>Whether the pattern occurs in a text.</summary>
    /// <exception cref="RegexMatchTimeoutException">The time limit passed without an answer.</exception>
    internal bool IsMatch(string text) => _regex.IsMatch(text);

    private static Regex Build(string pattern, bool mustBacktrack, bool mayBacktrack)
    {
        if (mustBacktrack)
            return new Regex(pattern, RegexOptions.CultureInvariant, Limit);
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LinearLimit);
        }
        catch (NotSupportedException) when (mayBacktrack)
        {
            // Too many states for the linear engine; whoever allows backtracking allows it here too, within the same time.
            return new Regex(pattern, RegexOptions.CultureInvariant, Limit);
        }
        catch (NotSupportedException)
        {
            // Half as many states: count UTF-16 units, as ECMAScript itself does without its "u" flag.
            return new Regex(EcmaSet.InUnits(pattern), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LinearLimit);
        }
    }
}
