namespace PolyClaw.Core.Goals;

/// <summary>Something wrong, written for the reader who must act.</summary>
/// <param name="Code">Stable machine name, for example <c>policy_denied</c>.</param>
/// <param name="Message">What was wrong, with the value met.</param>
/// <param name="Path">Where: a JSON pointer (<c>/steps/2/parameters/memory</c>) or a position (<c>line 3, column 14</c>).</param>
/// <param name="Fix">What would be right.</param>
public sealed record Fault(string Code, string Message, string? Path = null, string? Fix = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        (Path is null ? "" : Path + ": ") + Message + (Fix is null ? "" : " (" + Fix + ")");
}
