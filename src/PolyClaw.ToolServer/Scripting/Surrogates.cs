using System.Text;

namespace PolyClaw.ToolServer.Scripting;

/// <summary>JavaScript's strings may hold half of a surrogate pair; text that goes out may not.</summary>
internal static class Surrogates
{
    /// <summary>Where the first half pair stands; -1 if there is none.</summary>
    public static int IndexOfLone(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The text with each half pair shown as U+FFFD.</summary>
    public static string Replace(string text) =>
        IndexOfLone(text) < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether JSON text escapes a half pair, which is the one way it gets through a JSON.stringify.</summary>
    public static bool EscapedIn(string json)
    {
        for (var i = json.IndexOf('\\', StringComparison.Ordinal); i >= 0 && i + 2 < json.Length; i = json.IndexOf('\\', i + 2))
        {
            if (json[i + 1] == 'u' && json[i + 2] is 'd' or 'D' && i + 3 < json.Length && json[i + 3] is not (>= '0' and <= '7'))
            {
                return true;
            }
        }

        return false;
    }
}
