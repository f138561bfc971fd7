using System.Reflection;
using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests;

/// <summary>Permits without a gate: what is tested here is what happens after it said yes.</summary>
internal static class Permits
{
    public const string Tenant = "local";

    public static Permit Create(ServerSpec spec, long memoryBytes = 512L << 20) =>
        Strike(new PlanAction.CreateMcpServer(spec), Grant(spec, memoryBytes));

    public static Permit Call(string server, string tool, string arguments = "{}") =>
        Strike(new PlanAction.CallTool(server, tool, JsonElement.Parse(arguments)), null);

    public static Permit Remove(string server) => Strike(new PlanAction.DecommissionMcpServer(server), null);

    public static Grant Grant(ServerSpec spec, long memoryBytes = 512L << 20) =>
        (Grant)Press(typeof(Grant)).Invoke(null, [Tenant, spec, new ResourceAmounts(1_000_000_000, memoryBytes, 0, 1)])!;

    private static Permit Strike(PlanAction action, Grant? grant) =>
        (Permit)Press(typeof(Permit)).Invoke(null, [Tenant, action, 0L, new Reservation(Tenant, "test", ResourceAmounts.None), grant, null])!;

    private static MethodInfo Press(Type type) =>
        type.GetNestedType("Press", BindingFlags.NonPublic)!.GetMethod("Strike", BindingFlags.Public | BindingFlags.Static)!;
}
