namespace PolyClaw.Core.Actions;

/// <summary>The wire names of the actions.</summary>
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

    /// <summary><see cref="PlanAction.DeployService"/>.</summary>
    public const string DeployService = "deploy_service";

    /// <summary><see cref="PlanAction.ValidateService"/>.</summary>
    public const string ValidateService = "validate_service";

    /// <summary><see cref="PlanAction.ShiftTraffic"/>.</summary>
    public const string ShiftTraffic = "shift_traffic";

    /// <summary><see cref="PlanAction.Autoscale"/>.</summary>
    public const string Autoscale = "autoscale";

    /// <summary><see cref="PlanAction.DeleteService"/>.</summary>
    public const string DeleteService = "delete_service";

    /// <summary><see cref="PlanAction.UndoService"/>; in no plan.</summary>
    public const string UndoService = "undo_service";

    /// <summary><see cref="PlanAction.AskUser"/>.</summary>
    public const string AskUser = "ask_user";

    /// <summary><see cref="PlanAction.Report"/>.</summary>
    public const string Report = "report";

    /// <summary><see cref="PlanAction.Done"/>.</summary>
    public const string Done = "DONE";
}
