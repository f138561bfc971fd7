namespace PolyClaw.Core.Actions;

/// <summary>The wire names of the actions. Those of services join when they have handlers.</summary>
public static class ActionNames
{
    /// <summary><see cref="PlanAction.CheckResourceAvailability"/>.</summary>
    public const string CheckResourceAvailability = "check_resource_availability";

    /// <summary><see cref="PlanAction.CreateMcpServer"/>.</summary>
    public const string CreateMcpServer = "create_mcp_server";

    /// <summary><see cref="PlanAction.CallTool"/>.</summary>
    public const string CallTool = "call_tool";

    /// <summary><see cref="PlanAction.DecommissionMcpServer"/>.</summary>
    public const string DecommissionMcpServer = "decommission_mcp_server";

    /// <summary><see cref="PlanAction.AskUser"/>.</summary>
    public const string AskUser = "ask_user";

    /// <summary><see cref="PlanAction.Report"/>.</summary>
    public const string Report = "report";

    /// <summary><see cref="PlanAction.Done"/>.</summary>
    public const string Done = "DONE";
}
