using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>minimum</c>, <c>maximum</c> and their exclusive forms.</summary>
internal sealed class NumberLimit : Keyword
{
    private readonly JsonElement _limit;
    private readonly long? _small;
    private readonly bool _upper;
    private readonly bool _exclusive;

    internal NumberLimit(SchemaNode owner, string name, JsonElement limit)
        : base(owner, name)
    {
        _limit = limit;
        _small = limit.TryGetInt64(out var small) ? small : null;
        _upper = name is "maximum" or "exclusiveMaximum";
        _exclusive = name is "exclusiveMinimum" or "exclusiveMaximum";
    }

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Number)
            return true;
        var side = _small is { } small && instance.TryGetInt64(out var number)
            ? number.CompareTo(small)
            : ExactNumber.Parse(instance).CompareTo(ExactNumber.Parse(_limit));
        if (_upper)
            side = -side;
        if (side > 0 || (side == 0 && !_exclusive))
            return true;
        if (!run.Collecting)
            return false;
        var bound = (_upper, _exclusive) switch
        {
            (true, true) => "less than",
            (true, false) => "at most",
            (false, true) => "more than",
            (false, false) => "at least",
        };
        return run.Fail(this, frame, $"must be {bound} {JsonText.ShowWhole(_limit)}, and is {JsonText.Show(instance)}");
    }
}
