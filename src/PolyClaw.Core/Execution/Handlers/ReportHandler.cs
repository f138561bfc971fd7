using System.Text;
using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Writes the run's report.</summary>
internal sealed class ReportHandler(BlobStore blobs) : IActionHandler
{
    private const string DefaultName = "report.md";

    public string ActionName => ActionNames.Report;

    public string Summary => "Writes a Markdown file for the person; ${step.path} puts in data of earlier steps. Files that tools attached lie beside it, by name.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Idempotent;

    public TimeSpan TimeLimit(PlanAction action) => TimeSpan.FromSeconds(30);

    public PlanAction? Undo(PlanAction action, string key) => null;

    public Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var report = permit.Use<PlanAction.Report>();
        var name = report.Name ?? DefaultName;
        if (!ArtifactName.IsPlain(name))
            return Task.FromResult<StepOutcome>(new StepOutcome.Failed(new Fault(
                "bad_name", $"'{name}' is no plain file name", "/name", "letters, digits, '.', '_' and '-', no folder")));
        var bytes = Encoding.UTF8.GetBytes(report.Text);
        var file = new Artifact(name, "text/markdown", bytes.Length, blobs.Put(bytes));
        return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(
            $"{name}, {bytes.Length} bytes", JsonSerializer.SerializeToElement(new ReportData(name, bytes.Length), HandlerJson.Default.ReportData), [file]));
    }
}

/// <summary>What a report offers to later steps.</summary>
internal sealed record ReportData(string Name, int Bytes);
