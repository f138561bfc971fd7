using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning.References;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>Reads each step's parameters by the type that its name selects, after the schema of that type had its say.</summary>
internal sealed class ActionReader(ActionSchemas schemas, ISchemaCheck check)
{
    public void Read(Node node, FaultList faults)
    {
        var name = node.Draft.Name;
        if (!schemas.Names.Contains(name))
        {
            faults.Add(Unknown(name, node.At("/name")));
            return;
        }

        var parameters = node.Draft.Parameters;
        var guard = JsonGuard.Check(parameters, PlanLimits.Depth, node.At("/parameters"));
        if (guard is not null)
        {
            faults.Add(guard);
            return;
        }

        var found = check.Check(schemas.Of(name), parameters, "/parameters");
        foreach (var fault in found)
            faults.Add(fault with { Code = PlanFault.BadParameters, Path = node.At(fault.Path ?? "/parameters") });
        var (uses, wrong) = ReferenceScan.Of(parameters, ReferenceRules.For(name));
        node.References = uses;
        foreach (var fault in wrong)
            faults.Add(fault with { Path = node.At("/parameters" + fault.Path) });
        if (found.Count == 0)
            node.Action = Bind(node, name, parameters, faults);
    }

    private Fault Unknown(string name, string path) => new(
        PlanFault.UnknownAction, $"no action is called '{PlainText.Show(name)}'", path, Nearest.Advice(name, schemas.Names, "actions"));

    private static PlanAction? Bind(Node node, string name, JsonElement parameters, FaultList faults)
    {
        try
        {
            return ActionFormat.Read(name, parameters);
        }
        catch (JsonException e)
        {
            faults.Add(BindingFault.From(e, node));
        }
        catch (NotSupportedException)
        {
            faults.Add(
                PlanFault.BadParameters, "the source has no 'kind'", node.At("/parameters/source"), "\"kind\": \"tools\", \"image\" or \"remote\"");
        }

        return null;
    }
}
