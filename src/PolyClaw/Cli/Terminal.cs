#pragma warning disable RS0030 // The terminal is where the console is allowed.
using System.Text;
using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>The only place that touches the console. What a child or a model wrote reaches it escaped.</summary>
internal static class Terminal
{
    public static bool IsInteractive => !Console.IsOutputRedirected && !Console.IsInputRedirected;

    public static bool OutputIsTerminal => !Console.IsOutputRedirected;

    public static Stream OpenInput() => Console.OpenStandardInput();

    public static Stream OpenOutput() => Console.OpenStandardOutput();

    /// <summary>A line of text, or of JSON: an escape such as <c>\u202e</c> reads the same in both.</summary>
    public static void Line(string text) => Console.Out.WriteLine(Plain(text));

    public static void ErrorLine(string text) => Console.Error.WriteLine(Plain(text));

    public static void Tell(string text) => ErrorLine("polyclaw: " + text);

    /// <summary>Tells a fault: in words on stderr, or as JSON where the answer would have stood.</summary>
    public static void Error(Fault fault, bool json = false)
    {
        if (json)
        {
            Line(JsonSerializer.Serialize(new ErrorAnswer(fault), CliJson.Default.ErrorAnswer));
            return;
        }

        Tell(fault.Path is null ? fault.Message : $"{fault.Path}: {fault.Message}");
        if (fault.Fix is { } fix)
            ErrorLine("          " + fix);
    }

    /// <summary>Asks at the terminal.</summary>
    /// <returns>The line, or nothing when the person ended the input.</returns>
    public static async Task<string?> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        Console.Error.Write(Plain(prompt) + " ");
        // A read of the console cannot be cancelled; Ctrl-C must let go all the same.
        return await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
    }

    /// <summary>Control, hidden and direction characters escaped, so that nothing a child wrote can steer a terminal or mislead its reader.</summary>
    public static string Plain(string text)
    {
        var clean = true;
        foreach (var rune in text.EnumerateRunes())
            clean &= !NeedsEscape(rune);
        if (clean)
            return text;
        var plain = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
            if (!NeedsEscape(rune))
                plain.Append(rune.ToString());
            else
                foreach (var unit in rune.ToString())
                    plain.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        return plain.ToString();
    }

    private static bool NeedsEscape(Rune rune) => rune.Value switch
    {
        '\n' or '\t' => false,
        < 0x20 or (>= 0x7f and < 0xa0) => true,
        // Soft hyphen, zero widths but the joiners that scripts and emoji need, direction marks, separators, fillers, tags.
        0xad or 0x61c or 0x180e or 0x200b or 0x200e or 0x200f or (>= 0x2028 and <= 0x202e) or (>= 0x2060 and <= 0x206f) or 0xfeff
            or (>= 0xfff9 and <= 0xfffb) or (>= 0xe0000 and <= 0xe007f) => true,
        _ => false,
    };
}
