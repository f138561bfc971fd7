using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Execution;

/// <summary>A step within <see cref="RunState"/>.</summary>
internal sealed class StepState(PlanStep step, int wave)
{
    public PlanStep Step { get; } = step;

    public int Wave { get; } = wave;

    public StepStatus Status { get; set; } = StepStatus.Planned;

    public JournalEvent.StepIntended? Intent { get; set; }

    public StepOutcome? Outcome { get; set; }

    public int Retries { get; set; }

    public string? Skipped { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public double Ms { get; set; }

    /// <summary>Its place among the steps that ended, from 1: what came later may have taken away what came before.</summary>
    public int EndOrder { get; set; }

    public bool Undoing { get; set; }

    public StepOutcome? UndoOutcome { get; set; }
}
