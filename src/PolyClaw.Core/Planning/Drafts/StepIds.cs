namespace PolyClaw.Core.Planning.Drafts;

/// <summary>The grammar of step ids: <c>^[a-z][a-z0-9_-]{0,63}$</c>.</summary>
internal static class StepIds
{
    public const int Longest = 64;

    public static bool IsCharacter(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-';

    public static bool IsValid(string id) =>
        id.Length is >= 1 and <= Longest && id[0] is >= 'a' and <= 'z' && id.All(IsCharacter);

    /// <summary>Makes an id out of any text, for steps that nobody named.</summary>
    /// <param name="text">For example <c>create-Sales</c>.</param>
    public static string From(string text)
    {
        var id = new string([.. text.ToLowerInvariant().Take(Longest - 6).Select(c => IsCharacter(c) ? c : '-')]).Trim('-');
        return id.Length > 0 && id[0] is >= 'a' and <= 'z' ? id : "step-" + id;
    }
}
