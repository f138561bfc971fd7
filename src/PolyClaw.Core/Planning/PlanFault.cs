namespace PolyClaw.Core.Planning;

/// <summary>The codes of faults in goals, plans and references. They are a contract with clients.</summary>
public static class PlanFault
{
    /// <summary>A command that does not follow the grammar.</summary>
    public const string Syntax = "command_syntax";

    /// <summary>An action that does not exist.</summary>
    public const string UnknownAction = "unknown_action";

    /// <summary>An envelope or its parameters with a field missing, unknown or of the wrong type.</summary>
    public const string BadParameters = "bad_parameters";

    /// <summary>A step id that breaks the grammar.</summary>
    public const string BadId = "bad_id";

    /// <summary>Two steps of one id.</summary>
    public const string DuplicateId = "duplicate_id";

    /// <summary>A dependency or reference to a step that is not there, or has no data.</summary>
    public const string UnknownStep = "unknown_step";

    /// <summary>A step that depends on itself.</summary>
    public const string SelfReference = "self_reference";

    /// <summary>Steps that wait for each other.</summary>
    public const string Cycle = "cycle";

    /// <summary>A server or tool name outside its grammar.</summary>
    public const string BadName = "bad_name";

    /// <summary>A name made to look like another.</summary>
    public const string ConfusableName = "confusable_name";

    /// <summary>A server that the tenant does not have and the plan does not make.</summary>
    public const string UnknownServer = "unknown_server";

    /// <summary>A server name that is taken.</summary>
    public const string ServerExists = "server_exists";

    /// <summary>Two steps that create a server of one name.</summary>
    public const string DuplicateServer = "duplicate_server";

    /// <summary>A call placed after the removal of its server.</summary>
    public const string CallAfterRemoval = "call_after_removal";

    /// <summary>A tool that the server does not list.</summary>
    public const string UnknownTool = "unknown_tool";

    /// <summary>Tool arguments that the tool's input schema refuses.</summary>
    public const string BadArguments = "bad_arguments";

    /// <summary>A file that did not come with the goal, or is not text.</summary>
    public const string UnknownFile = "unknown_file";

    /// <summary>A server spec file that cannot be read.</summary>
    public const string BadSpecFile = "bad_spec_file";

    /// <summary>Text that is no well-formed reference.</summary>
    public const string BadReference = "bad_reference";

    /// <summary>A reference where none may stand.</summary>
    public const string ReferenceRefused = "reference_refused";

    /// <summary>A reference to data that the step did not give.</summary>
    public const string MissingData = "missing_data";

    /// <summary>Something over its limit of size, depth or count.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Text that is no valid Unicode.</summary>
    public const string BadText = "bad_text";

    /// <summary>A plan that does not end as it must.</summary>
    public const string BadEnd = "bad_end";

    /// <summary>No model is configured and the goal holds no commands.</summary>
    public const string NoPlanner = "no_planner";

    /// <summary>A model's answer that still held faults after the last repair.</summary>
    public const string InvalidOutput = "planner_invalid_output";

    /// <summary>The model could not be reached, or its answer broke off.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>No model tokens are left for this run.</summary>
    public const string BudgetExhausted = "budget_exhausted";

    /// <summary>The run goes in circles.</summary>
    public const string Stuck = "stuck";
}
