using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>multipleOf</c>, exact for decimals.</summary>
internal sealed class MultipleOf(SchemaNode owner, JsonElement divisor) : Keyword(owner, "multipleOf")
{
    private readonly long? _small = divisor.TryGetInt64(out var small) ? small : null;

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Number)
            return true;
        bool holds;
        if (_small is { } small && instance.TryGetInt64(out var number))
        {
            holds = number % small == 0;
        }
        else
        {
            var exact = ExactNumber.Parse(instance);
            if (exact.Digits > ExactNumber.MaxDivisibleDigits)
                return run.Stop(frame, $"the number has {exact.Digits} digits; divided are numbers of at most {ExactNumber.MaxDivisibleDigits}");
            if (!run.Spend(exact.Digits / 8, frame))
                return false;
            holds = exact.IsMultipleOf(ExactNumber.Parse(divisor));
        }

        return holds
            || (run.Collecting && run.Fail(this, frame, $"must be a multiple of {JsonText.ShowWhole(divisor)}, and is {JsonText.Show(instance)}"));
    }
}
