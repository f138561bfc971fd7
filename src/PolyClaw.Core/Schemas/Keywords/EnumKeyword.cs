using System.Text;
using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>enum</c>, and <c>const</c> as an enum of one.</summary>
internal sealed class EnumKeyword : Keyword
{
    private const int MaxShown = 20;

    private readonly JsonElement[] _allowed;
    private readonly byte[]?[] _texts;

    internal EnumKeyword(SchemaNode owner, string name, JsonElement[] allowed)
        : base(owner, name)
    {
        _allowed = allowed;
        _texts = Array.ConvertAll(allowed, value => value.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(value.GetString()!) : null);
    }

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (!run.Spend(_allowed.Length / 16, frame))
            return false;
        for (var i = 0; i < _allowed.Length; i++)
        {
            if (_texts[i] is { } text)
            {
                if (instance.ValueKind == JsonValueKind.String && instance.ValueEquals(text))
                    return true;
            }
            else if (run.AreEqual(_allowed[i], instance, frame))
            {
                return true;
            }
        }

        return run.Collecting && run.Fail(this, frame, Message(instance), Fix(instance));
    }

    private string Message(JsonElement instance) => _allowed.Length switch
    {
        0 => $"no value is allowed, and it is {JsonText.Show(instance)}",
        1 => $"must be {JsonText.ShowWhole(_allowed[0])}, and is {JsonText.Show(instance)}",
        _ => $"must be one of {string.Join(", ", _allowed.Take(MaxShown).Select(JsonText.ShowWhole))}"
            + (_allowed.Length > MaxShown ? $" … ({_allowed.Length} in all)" : "") + $", and is {JsonText.Show(instance)}",
    };

    private string? Fix(JsonElement instance)
    {
        if (_allowed.Length < 2 || instance.ValueKind != JsonValueKind.String)
            return null;
        var meant = ClosestName.Find(instance.GetString()!, _allowed.Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!));
        return meant is null ? null : $"did you mean {JsonText.Name(meant)}?";
    }
}
