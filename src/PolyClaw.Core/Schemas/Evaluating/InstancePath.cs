using System.Text;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Evaluating;

/// <summary>Where in the judged value we are; made only while faults are collected.</summary>
internal sealed class InstancePath(InstancePath? parent, string token)
{
    private const int MaxToken = 200;

    public override string ToString()
    {
        var tokens = new Stack<string>();
        for (var here = this; here is not null; here = here.Parent)
            tokens.Push(here.Token);
        var text = new StringBuilder();
        foreach (var each in tokens)
            text.Append('/').Append(JsonPointer.Escape(each));
        return text.ToString();
    }

    private InstancePath? Parent => parent;

    /// <summary>A name of any length is the value's to choose; a pointer is for a reader.</summary>
    private string Token => token.Length <= MaxToken ? token : token[..MaxToken] + "…";
}
