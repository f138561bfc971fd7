namespace PolyClaw.Core.Tools;

/// <summary>Cuts names and sentences into the words that a search compares.</summary>
internal static class Words
{
    private const int MostWords = 400;

    private static readonly HashSet<string> Stop =
    [
        "a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "for", "from", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my",
        "of", "on", "or", "our", "please", "that", "the", "their", "them", "this", "to", "tool", "use", "using", "want", "we", "what", "when", "which",
        "with", "you", "your", "given", "there", "need", "some", "all", "one", "did", "does", "has", "have", "was", "will",
    ];

    // Words that people and tools use for the same thing. Small and general on purpose.
    private static readonly Dictionary<string, string> Same = new()
    {
        ["remove"] = "delete",
        ["erase"] = "delete",
        ["rid"] = "delete",
        ["drop"] = "delete",
        ["destroy"] = "delete",
        ["make"] = "create",
        ["new"] = "create",
        ["add"] = "create",
        ["insert"] = "create",
        ["open"] = "create",
        ["fetch"] = "get",
        ["retrieve"] = "get",
        ["download"] = "get",
        ["show"] = "get",
        ["read"] = "get",
        ["load"] = "get",
        ["view"] = "get",
        ["display"] = "get",
        ["find"] = "search",
        ["lookup"] = "search",
        ["query"] = "search",
        ["look"] = "search",
        ["modify"] = "update",
        ["change"] = "update",
        ["edit"] = "update",
        ["alter"] = "update",
        ["save"] = "write",
        ["overwrite"] = "write",
        ["rename"] = "move",
        ["directory"] = "folder",
        ["dir"] = "folder",
        ["email"] = "mail",
        ["e-mail"] = "mail",
        ["picture"] = "image",
        ["photo"] = "image",
        ["chart"] = "plot",
        ["graph"] = "plot",
        ["total"] = "sum",
        ["message"] = "message",
        ["msg"] = "message",
        ["post"] = "send",
        ["repo"] = "repository",
        ["db"] = "database",
        ["sql"] = "database",
        ["postgres"] = "database",
        ["mysql"] = "database",
        ["sqlite"] = "database",
        ["pr"] = "pull",
        ["bug"] = "issue",
        ["ticket"] = "issue",
        ["mean"] = "average",
        ["avg"] = "average",
        ["appointment"] = "event",
        ["meeting"] = "event",
        ["forecast"] = "weather",
        ["site"] = "page",
        ["website"] = "page",
        ["webpage"] = "page",
    };

    private static readonly HashSet<string> Endings = new(
        ["txt", "md", "log", "csv", "tsv", "json", "xml", "yaml", "yml", "toml", "ini", "html", "pdf", "doc", "docx", "xls", "xlsx", "zip", "gz", "tar", "bak"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Lower-case stems of a text's words, in order; camelCase and snake_case are cut.</summary>
    /// <param name="text">Any text.</param>
    public static List<string> Of(string? text)
    {
        var words = new List<string>();
        if (text is null)
            return words;
        for (var i = 0; i < text.Length && words.Count < MostWords;)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var start = i++;
            while (i < text.Length && char.IsLetterOrDigit(text[i]) && !Turns(text, i))
                i++;
            var word = text[start..i].ToLowerInvariant();
            if (!Stop.Contains(word))
                words.Add(Stem(word));
        }

        return words;
    }

    /// <summary>The words of a question: as <see cref="Of"/>, and <c>file</c> where it names one, as in <c>notes.txt</c>.</summary>
    /// <param name="text">What was asked.</param>
    public static List<string> OfQuestion(string text)
    {
        var words = Of(text);
        if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Any(NamesFile))
            words.Add("file");
        return words;
    }

    // notes.txt, data/sales.csv; not example.com., 9.30 or SERVER.TOOL, whose ending is no word for a kind of file.
    private static bool NamesFile(string word)
    {
        var name = word.Trim('"', '\'', '`', '(', ')', ',', ';', ':', '!', '?', '.');
        var dot = name.LastIndexOf('.');
        return dot > 0 && Endings.Contains(name[(dot + 1)..]);
    }

    // readFile | XMLParser
    private static bool Turns(string text, int i) =>
        char.IsUpper(text[i]) && (char.IsLower(text[i - 1]) || (i + 1 < text.Length && char.IsLower(text[i + 1]) && char.IsUpper(text[i - 1])));

    internal static string Stem(string word)
    {
        if (Same.TryGetValue(word, out var same))
            return same;
        var stem = word switch
        {
            { Length: > 4 } when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
            { Length: > 6 } when word.EndsWith("ations", StringComparison.Ordinal) => word[..^6] + "e",
            { Length: > 5 } when word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal) => word[..^2],
            { Length: > 5 } when word.EndsWith("ing", StringComparison.Ordinal) => Undouble(word[..^3]),
            { Length: > 4 } when word.EndsWith("ed", StringComparison.Ordinal) => Undouble(word[..^2]),
            { Length: > 3 } when word.EndsWith('s') && word[^2] is not ('s' or 'u' or 'i') => word[..^1],
            _ => word,
        };
        // One form for 'summarise', 'summarised', 'summarising'.
        stem = stem.Length > 4 && stem.EndsWith('e') ? stem[..^1] : stem;
        return Same.GetValueOrDefault(stem, Same.GetValueOrDefault(stem + "e", stem));
    }

    private static string Undouble(string stem) =>
        stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z') ? stem[..^1] : stem;
}
